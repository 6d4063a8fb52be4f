using System.Buffers;
using System.Text.Json;
using Naru.Oci.Runtime;

namespace Naru.Runtime.State;

/// <summary>Writes resources as config.json has them, for the next update to go on from. Device rules are not among what an update changes.</summary>
internal static class ResourcesJson
{
    public static byte[] Write(Resources resources)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteMemory(json, resources.Memory);
            WriteCpu(json, resources.Cpu);
            if (resources.Pids is { } pids)
            {
                json.WriteStartObject("pids");
                json.WriteNumber("limit", pids.Limit);
                json.WriteEndObject();
            }

            WriteBlockIo(json, resources.BlockIo);
            WriteOthers(json, resources);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteMemory(Utf8JsonWriter json, MemoryResources? memory)
    {
        if (memory is null)
            return;
        json.WriteStartObject("memory");
        Write(json, "limit", memory.Limit);
        Write(json, "reservation", memory.Reservation);
        Write(json, "swap", memory.Swap);
        if (memory.Swappiness is { } swappiness)
            json.WriteNumber("swappiness", swappiness);
        Write(json, "disableOOMKiller", memory.DisableOomKiller);
        Write(json, "checkBeforeUpdate", memory.CheckBeforeUpdate);
        json.WriteEndObject();
    }

    private static void WriteCpu(Utf8JsonWriter json, CpuResources? cpu)
    {
        if (cpu is null)
            return;
        json.WriteStartObject("cpu");
        Write(json, "shares", cpu.Shares);
        Write(json, "quota", cpu.Quota);
        Write(json, "burst", cpu.Burst);
        Write(json, "period", cpu.Period);
        Write(json, "realtimeRuntime", cpu.RealtimeRuntime);
        Write(json, "realtimePeriod", cpu.RealtimePeriod);
        Write(json, "cpus", cpu.Cpus);
        Write(json, "mems", cpu.Mems);
        Write(json, "idle", cpu.Idle);
        json.WriteEndObject();
    }

    private static void WriteBlockIo(Utf8JsonWriter json, BlockIoResources? io)
    {
        if (io is null)
            return;
        json.WriteStartObject("blockIO");
        Write(json, "weight", (long?)io.Weight);
        Write(json, "leafWeight", (long?)io.LeafWeight);
        WriteList(json, "weightDevice", io.WeightDevice, device =>
        {
            json.WriteNumber("major", device.Major);
            json.WriteNumber("minor", device.Minor);
            Write(json, "weight", (long?)device.Weight);
            Write(json, "leafWeight", (long?)device.LeafWeight);
        });
        foreach (var (name, devices) in ((string, IReadOnlyList<ThrottleDevice>?)[])[("throttleReadBpsDevice", io.ThrottleReadBpsDevice), ("throttleWriteBpsDevice", io.ThrottleWriteBpsDevice),
            ("throttleReadIOPSDevice", io.ThrottleReadIopsDevice), ("throttleWriteIOPSDevice", io.ThrottleWriteIopsDevice)])
        {
            WriteList(json, name, devices, device =>
            {
                json.WriteNumber("major", device.Major);
                json.WriteNumber("minor", device.Minor);
                json.WriteNumber("rate", device.Rate);
            });
        }

        json.WriteEndObject();
    }

    private static void WriteOthers(Utf8JsonWriter json, Resources resources)
    {
        WriteList(json, "hugepageLimits", resources.HugepageLimits, limit =>
        {
            json.WriteString("pageSize", limit.PageSize);
            json.WriteNumber("limit", limit.Limit);
        });
        if (resources.Network is { } network)
        {
            json.WriteStartObject("network");
            Write(json, "classID", (long?)network.ClassId);
            WriteList(json, "priorities", network.Priorities, priority =>
            {
                json.WriteString("name", priority.Name);
                json.WriteNumber("priority", priority.Priority);
            });
            json.WriteEndObject();
        }

        if (resources.Rdma is not { Count: > 0 } devices)
            return;
        json.WriteStartObject("rdma");
        foreach (var (device, limit) in devices)
        {
            json.WriteStartObject(device);
            Write(json, "hcaHandles", (long?)limit.HcaHandles);
            Write(json, "hcaObjects", (long?)limit.HcaObjects);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteList<T>(Utf8JsonWriter json, string name, IReadOnlyList<T>? items, Action<T> write)
    {
        if (items is null)
            return;
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            json.WriteStartObject();
            write(item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static void Write(Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static void Write(Utf8JsonWriter json, string name, bool? value)
    {
        if (value is { } flag)
            json.WriteBoolean(name, flag);
    }

    private static void Write(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
