using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Naru.Linux;

namespace Naru.Runtime.Stats;

/// <summary>What <c>events --stats</c> prints: a container's cgroup in numbers, by runc's names, one line of JSON. A part that the machine does not count is left empty.</summary>
internal static class CgroupStats
{
    public static string Describe(string id, Cgroup cgroup) => Line(json =>
    {
        json.WriteString("type", "stats");
        json.WriteString("id", id);
        json.WriteStartObject("data");
        WriteCpu(json, cgroup);
        if (cgroup.IsUnified)
            WriteUnifiedMemory(json, cgroup);
        else
            WriteMemory(json, cgroup);
        json.WriteStartObject("pids");
        WriteNumber(json, "current", ReadNumber(cgroup, "pids", "pids.current"));
        WriteNumber(json, "limit", ReadNumber(cgroup, "pids", "pids.max"));
        json.WriteEndObject();
        WriteBlockIo(json, cgroup);
        json.WriteStartObject("hugetlb");
        json.WriteEndObject();
        json.WriteStartObject("intel_rdt");
        json.WriteEndObject();
        json.WriteNull("network_interfaces");
        json.WriteEndObject();
    });

    /// <summary>The event of a process killed for want of memory.</summary>
    public static string DescribeOutOfMemory(string id) => Line(json =>
    {
        json.WriteString("type", "oom");
        json.WriteString("id", id);
    });

    /// <summary>How many processes of the cgroup the kernel has killed for want of memory.</summary>
    public static ulong OutOfMemoryKills(Cgroup cgroup) =>
        Pairs(Read(cgroup, "memory", cgroup.IsUnified ? "memory.events" : "memory.oom_control")).FirstOrDefault(pair => pair.Key == "oom_kill").Value;

    private static string Line(Action<Utf8JsonWriter> content)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            content(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan) + "\n";
    }

    private static void WriteCpu(Utf8JsonWriter json, Cgroup cgroup)
    {
        json.WriteStartObject("cpu");
        json.WriteStartObject("usage");
        if (cgroup.IsUnified)
        {
            // microseconds
            var stat = Pairs(Read(cgroup, "cpu", "cpu.stat"));
            json.WriteNumber("total", Of(stat, "usage_usec") * 1000);
            json.WriteNumber("kernel", Of(stat, "system_usec") * 1000);
            json.WriteNumber("user", Of(stat, "user_usec") * 1000);
        }
        else
        {
            WriteNumber(json, "total", ReadNumber(cgroup, "cpuacct", "cpuacct.usage"));
            WriteNumbers(json, "percpu", Read(cgroup, "cpuacct", "cpuacct.usage_percpu"));
            // clock ticks, of which Linux counts 100 a second
            var stat = Pairs(Read(cgroup, "cpuacct", "cpuacct.stat"));
            json.WriteNumber("kernel", Of(stat, "system") * 10_000_000);
            json.WriteNumber("user", Of(stat, "user") * 10_000_000);
        }

        json.WriteEndObject();
        json.WriteStartObject("throttling");
        var throttling = Pairs(Read(cgroup, "cpu", "cpu.stat"));
        WriteUnlessZero(json, "periods", Of(throttling, "nr_periods"));
        WriteUnlessZero(json, "throttledPeriods", Of(throttling, "nr_throttled"));
        WriteUnlessZero(json, "throttledTime", cgroup.IsUnified ? Of(throttling, "throttled_usec") * 1000 : Of(throttling, "throttled_time"));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMemory(Utf8JsonWriter json, Cgroup cgroup)
    {
        json.WriteStartObject("memory");
        foreach (var (name, prefix) in ((string, string)[])[("usage", "memory"), ("swap", "memory.memsw"), ("kernel", "memory.kmem"), ("kernelTCP", "memory.kmem.tcp")])
        {
            json.WriteStartObject(name);
            WriteNumber(json, "limit", ReadNumber(cgroup, "memory", $"{prefix}.limit_in_bytes"));
            WriteNumber(json, "usage", ReadNumber(cgroup, "memory", $"{prefix}.usage_in_bytes"));
            WriteNumber(json, "max", ReadNumber(cgroup, "memory", $"{prefix}.max_usage_in_bytes"));
            WriteNumber(json, "failcnt", ReadNumber(cgroup, "memory", $"{prefix}.failcnt"));
            json.WriteEndObject();
        }

        WriteRaw(json, cgroup);
        json.WriteEndObject();
    }

    private static void WriteUnifiedMemory(Utf8JsonWriter json, Cgroup cgroup)
    {
        json.WriteStartObject("memory");
        foreach (var (name, prefix) in ((string, string)[])[("usage", "memory"), ("swap", "memory.swap")])
        {
            json.WriteStartObject(name);
            WriteNumber(json, "limit", ReadNumber(cgroup, "memory", $"{prefix}.max"));
            WriteNumber(json, "usage", ReadNumber(cgroup, "memory", $"{prefix}.current"));
            WriteNumber(json, "max", ReadNumber(cgroup, "memory", $"{prefix}.peak"));
            json.WriteEndObject();
        }

        WriteRaw(json, cgroup);
        json.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter json, Cgroup cgroup)
    {
        json.WriteStartObject("raw");
        foreach (var (key, value) in Pairs(Read(cgroup, "memory", "memory.stat")))
            json.WriteNumber(key, value);
        json.WriteEndObject();
    }

    private static void WriteBlockIo(Utf8JsonWriter json, Cgroup cgroup)
    {
        json.WriteStartObject("blkio");
        var (bytes, operations) = cgroup.IsUnified
            ? (UnifiedIo(cgroup, ("rbytes", "Read"), ("wbytes", "Write")), UnifiedIo(cgroup, ("rios", "Read"), ("wios", "Write")))
            : (ThrottledIo(cgroup, "blkio.throttle.io_service_bytes_recursive"), ThrottledIo(cgroup, "blkio.throttle.io_serviced_recursive"));
        WriteIo(json, "ioServiceBytesRecursive", bytes);
        WriteIo(json, "ioServicedRecursive", operations);
        json.WriteEndObject();
    }

    private static void WriteIo(Utf8JsonWriter json, string name, IReadOnlyList<(string Device, string Operation, ulong Value)> entries)
    {
        if (entries.Count == 0)
            return;
        json.WriteStartArray(name);
        foreach (var (device, operation, value) in entries)
        {
            var numbers = device.Split(':');
            json.WriteStartObject();
            json.WriteNumber("major", ulong.Parse(numbers[0], CultureInfo.InvariantCulture));
            json.WriteNumber("minor", ulong.Parse(numbers[1], CultureInfo.InvariantCulture));
            json.WriteString("op", operation);
            json.WriteNumber("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Lines «8:0 Read 4096»; the last line is the total of all.</summary>
    private static List<(string, string, ulong)> ThrottledIo(Cgroup cgroup, string file)
    {
        var entries = new List<(string, string, ulong)>();
        foreach (var line in Read(cgroup, "blkio", file).Split('\n'))
        {
            if (line.Split(' ') is [var device, var operation, var value] && device.Contains(':'))
                entries.Add((device, operation, ulong.Parse(value, CultureInfo.InvariantCulture)));
        }

        return entries;
    }

    /// <summary>Lines «8:0 rbytes=4096 wbytes=0 rios=1 wios=0 …».</summary>
    private static List<(string, string, ulong)> UnifiedIo(Cgroup cgroup, params ReadOnlySpan<(string Key, string Name)> wanted)
    {
        var entries = new List<(string, string, ulong)>();
        foreach (var line in Read(cgroup, "io", "io.stat").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var words = line.Split(' ');
            foreach (var (key, name) in wanted)
            {
                foreach (var word in words.Skip(1))
                {
                    if (word.StartsWith(key + "=", StringComparison.Ordinal))
                        entries.Add((words[0], name, ulong.Parse(word[(key.Length + 1)..], CultureInfo.InvariantCulture)));
                }
            }
        }

        return entries;
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, ulong? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static void WriteUnlessZero(Utf8JsonWriter json, string name, ulong value)
    {
        if (value != 0)
            json.WriteNumber(name, value);
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartArray(name);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            json.WriteNumberValue(ulong.Parse(word, CultureInfo.InvariantCulture));
        json.WriteEndArray();
    }

    private static string Read(Cgroup cgroup, string controller, string file) =>
        cgroup.FolderOf(controller) is { } folder ? Files.TryReadText($"{folder}/{file}") ?? "" : "";

    /// <summary>One number; «max» is 0, as runc prints it; null where there is no such file.</summary>
    private static ulong? ReadNumber(Cgroup cgroup, string controller, string file)
    {
        var text = Read(cgroup, controller, file).Trim();
        return text.Length == 0 ? null : ulong.TryParse(text, out var number) ? number : 0;
    }

    private static List<KeyValuePair<string, ulong>> Pairs(string text)
    {
        var pairs = new List<KeyValuePair<string, ulong>>();
        foreach (var line in text.Split('\n'))
        {
            if (line.Split(' ') is [var key, var value] && ulong.TryParse(value, out var number))
                pairs.Add(new(key, number));
        }

        return pairs;
    }

    private static ulong Of(List<KeyValuePair<string, ulong>> pairs, string key) => pairs.FirstOrDefault(pair => pair.Key == key).Value;
}
