using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Naru.Runtime.Stats;

/// <summary>The lines of JSON that <c>events</c> prints, with runc's names and order; as there, most numbers that are 0 are left out.</summary>
internal static class StatsJson
{
    public static string Write(string id, ContainerStats stats) => Line("stats", id, json =>
    {
        json.WriteStartObject("data");
        WriteCpu(json, stats.Cpu);
        WriteCpuset(json, stats.Cpuset);
        WriteMemory(json, stats.Memory);
        json.WriteStartObject("pids");
        WriteUnlessZero(json, "current", stats.Pids);
        WriteUnlessZero(json, "limit", stats.PidsLimit);
        json.WriteEndObject();
        WriteBlockIo(json, stats.BlockIo);
        json.WriteStartObject("hugetlb");
        foreach (var size in stats.Hugetlb.Keys.Order(StringComparer.Ordinal))
        {
            var entry = stats.Hugetlb[size];
            json.WriteStartObject(size);
            WriteUnlessZero(json, "usage", entry.Usage);
            WriteUnlessZero(json, "max", entry.Maximum);
            json.WriteNumber("failcnt", entry.Failures);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("intel_rdt");
        json.WriteEndObject();
        json.WriteNull("network_interfaces");
        json.WriteEndObject();
    });

    /// <summary>A process was killed for want of memory.</summary>
    public static string WriteOutOfMemory(string id) => Line("oom", id, _ => { });

    private static string Line(string type, string id, Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("type", type);
            json.WriteString("id", id);
            content(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteCpu(Utf8JsonWriter json, ContainerStats.CpuStats cpu)
    {
        json.WriteStartObject("cpu");
        json.WriteStartObject("usage");
        WriteUnlessZero(json, "total", cpu.Total);
        WriteNumbers(json, "percpu", cpu.PerCpu);
        WriteNumbers(json, "percpu_kernel", cpu.PerCpuKernel);
        WriteNumbers(json, "percpu_user", cpu.PerCpuUser);
        json.WriteNumber("kernel", cpu.Kernel);
        json.WriteNumber("user", cpu.User);
        json.WriteEndObject();
        json.WriteStartObject("throttling");
        WriteUnlessZero(json, "periods", cpu.Periods);
        WriteUnlessZero(json, "throttledPeriods", cpu.ThrottledPeriods);
        WriteUnlessZero(json, "throttledTime", cpu.ThrottledTime);
        json.WriteEndObject();
        WritePressure(json, cpu.Pressure);
        json.WriteEndObject();
    }

    private static void WriteCpuset(Utf8JsonWriter json, ContainerStats.CpusetStats cpuset)
    {
        json.WriteStartObject("cpuset");
        WriteNumbers(json, "cpus", Wide(cpuset.Cpus));
        json.WriteNumber("cpu_exclusive", cpuset.Flags[0]);
        WriteNumbers(json, "mems", Wide(cpuset.Mems));
        json.WriteNumber("mem_hardwall", cpuset.Flags[1]);
        json.WriteNumber("mem_exclusive", cpuset.Flags[2]);
        json.WriteNumber("memory_migrate", cpuset.Flags[3]);
        json.WriteNumber("memory_spread_page", cpuset.Flags[4]);
        json.WriteNumber("memory_spread_slab", cpuset.Flags[5]);
        json.WriteNumber("memory_pressure", cpuset.Flags[6]);
        json.WriteNumber("sched_load_balance", cpuset.Flags[7]);
        json.WriteNumber("sched_relax_domain_level", cpuset.RelaxDomainLevel);
        json.WriteEndObject();
    }

    private static ulong[] Wide(IReadOnlyList<int> numbers)
    {
        var wide = new ulong[numbers.Count];
        for (var index = 0; index < wide.Length; index++)
            wide[index] = (ulong)numbers[index];
        return wide;
    }

    private static void WriteMemory(Utf8JsonWriter json, ContainerStats.MemoryStats memory)
    {
        json.WriteStartObject("memory");
        WriteUnlessZero(json, "cache", memory.Cache);
        WriteEntry(json, "usage", memory.Usage);
        WriteEntry(json, "swap", memory.Swap);
        WriteEntry(json, "kernel", memory.Kernel);
        WriteEntry(json, "kernelTCP", memory.KernelTcp);
        if (memory.Raw.Count > 0)
        {
            json.WriteStartObject("raw");
            foreach (var key in memory.Raw.Keys.Order(StringComparer.Ordinal))
                json.WriteNumber(key, memory.Raw[key]);
            json.WriteEndObject();
        }

        WritePressure(json, memory.Pressure);
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, ContainerStats.MemoryEntry entry)
    {
        json.WriteStartObject(name);
        json.WriteNumber("limit", entry.Limit);
        WriteUnlessZero(json, "usage", entry.Usage);
        WriteUnlessZero(json, "max", entry.Maximum);
        json.WriteNumber("failcnt", entry.Failures);
        json.WriteEndObject();
    }

    private static void WriteBlockIo(Utf8JsonWriter json, ContainerStats.BlockIoStats io)
    {
        json.WriteStartObject("blkio");
        foreach (var name in (ReadOnlySpan<string>)["ioServiceBytesRecursive", "ioServicedRecursive", "ioQueueRecursive", "ioServiceTimeRecursive", "ioWaitTimeRecursive", "ioMergedRecursive",
            "ioTimeRecursive", "sectorsRecursive"])
        {
            if (!io.Tables.TryGetValue(name, out var entries) || entries.Count == 0)
                continue;
            json.WriteStartArray(name);
            foreach (var entry in entries)
            {
                json.WriteStartObject();
                WriteUnlessZero(json, "major", entry.Major);
                WriteUnlessZero(json, "minor", entry.Minor);
                if (entry.Operation.Length > 0)
                    json.WriteString("op", entry.Operation);
                WriteUnlessZero(json, "value", entry.Value);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        WritePressure(json, io.Pressure);
        json.WriteEndObject();
    }

    private static void WritePressure(Utf8JsonWriter json, ContainerStats.Pressure? pressure)
    {
        if (pressure is null)
            return;
        json.WriteStartObject("psi");
        foreach (var (name, line) in ((string, ContainerStats.PressureLine)[])[("some", pressure.Some), ("full", pressure.Full)])
        {
            json.WriteStartObject(name);
            json.WriteNumber("avg10", line.Average10);
            json.WriteNumber("avg60", line.Average60);
            json.WriteNumber("avg300", line.Average300);
            json.WriteNumber("total", line.Total);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteUnlessZero(Utf8JsonWriter json, string name, ulong value)
    {
        if (value != 0)
            json.WriteNumber(name, value);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<ulong> numbers)
    {
        if (numbers.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var number in numbers)
            json.WriteNumberValue(number);
        json.WriteEndArray();
    }
}
