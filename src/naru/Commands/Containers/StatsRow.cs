using System.Globalization;
using System.Text.Json;
using Naru.Base.Units;

namespace Naru.Cli.Commands.Containers;

/// <summary>One line of `stats`: what a container used, from one sample of the engine's.</summary>
/// <param name="Container">As it was asked for.</param>
internal sealed record StatsRow(string Container)
{
    /// <summary>False until a sample came, and after one failed.</summary>
    public bool Known { get; init; }

    public string Name { get; init; } = "";

    public string Id { get; init; } = "";

    public double CpuPercent { get; init; }

    /// <summary>Bytes, page cache that can go left out.</summary>
    public double Memory { get; init; }

    public double MemoryLimit { get; init; }

    public double Received { get; init; }

    public double Sent { get; init; }

    public double Read { get; init; }

    public double Written { get; init; }

    public ulong Pids { get; init; }

    public static Columns<StatsRow> Columns(bool truncate) => new("*container.statsContext",
    [
        new("Container", "CONTAINER", row => row.Container),
        new("Name", "NAME", row => row.Name.Length > 1 ? row.Name[1..] : "--"),
        new("ID", "CONTAINER ID", row => truncate ? Ellipsis.Id(row.Id) : row.Id),
        new("CPUPerc", "CPU %", row => row.Known ? Percent(row.CpuPercent) : "--"),
        new("MemUsage", "MEM USAGE / LIMIT", row => row.Known ? $"{ByteSize.HumanBinary(row.Memory)} / {ByteSize.HumanBinary(row.MemoryLimit)}" : "-- / --"),
        new("MemPerc", "MEM %", row => row.Known ? Percent(row.MemoryLimit > 0 ? row.Memory / row.MemoryLimit * 100 : 0) : "--"),
        new("NetIO", "NET I/O", row => Pair(row, row.Received, row.Sent)),
        new("BlockIO", "BLOCK I/O", row => Pair(row, row.Read, row.Written)),
        new("PIDs", "PIDS", row => row.Known ? row.Pids.ToString(CultureInfo.InvariantCulture) : "--"),
    ]);

    /// <summary>Reads GET /containers/{id}/stats's sample.</summary>
    public StatsRow With(JsonElement sample)
    {
        var memory = Member(sample, "memory_stats");
        var (read, written) = Blocks(sample);
        var networks = Member(sample, "networks") is { ValueKind: JsonValueKind.Object } all ? all.EnumerateObject().Select(pair => pair.Value).ToList() : [];
        return this with
        {
            Known = true,
            Name = Member(sample, "name")?.GetString() ?? "",
            Id = Member(sample, "id")?.GetString() ?? "",
            CpuPercent = Cpu(sample),
            Memory = memory is { } used ? Used(used) : 0,
            MemoryLimit = Number(memory, "limit"),
            Received = networks.Sum(network => Number(network, "rx_bytes")),
            Sent = networks.Sum(network => Number(network, "tx_bytes")),
            Read = read,
            Written = written,
            Pids = (ulong)Number(Member(sample, "pids_stats"), "current"),
        };
    }

    private static string Pair(StatsRow row, double one, double other) => row.Known ? $"{ByteSize.HumanWithPrecision(one, 3)} / {ByteSize.HumanWithPrecision(other, 3)}" : "-- / --";

    private static string Percent(double value) => value.ToString("F2", CultureInfo.InvariantCulture) + "%";

    private static double Cpu(JsonElement sample)
    {
        var (now, before) = (Member(sample, "cpu_stats"), Member(sample, "precpu_stats"));
        var (usage, usageBefore) = (Member(now, "cpu_usage"), Member(before, "cpu_usage"));
        var own = Number(usage, "total_usage") - Number(usageBefore, "total_usage");
        var system = Number(now, "system_cpu_usage") - Number(before, "system_cpu_usage");
        var cpus = Number(now, "online_cpus");
        if (cpus == 0 && Member(usage, "percpu_usage") is { ValueKind: JsonValueKind.Array } each)
            cpus = each.GetArrayLength();
        return system > 0 && own > 0 ? own / system * cpus * 100 : 0;
    }

    /// <summary>Usage without the inactive file cache: total_inactive_file on cgroup v1, inactive_file on v2.</summary>
    private static double Used(JsonElement memory)
    {
        var usage = Number(memory, "usage");
        foreach (var name in (string[])["total_inactive_file", "inactive_file"])
        {
            if (Member(Member(memory, "stats"), name) is { ValueKind: JsonValueKind.Number } cache)
                return cache.GetDouble() < usage ? usage - cache.GetDouble() : usage;
        }

        return usage;
    }

    private static (double Read, double Written) Blocks(JsonElement sample)
    {
        double read = 0, written = 0;
        if (Member(Member(sample, "blkio_stats"), "io_service_bytes_recursive") is { ValueKind: JsonValueKind.Array } entries)
        {
            foreach (var entry in entries.EnumerateArray())
            {
                switch (Member(entry, "op")?.GetString())
                {
                    case "read" or "Read":
                        read += Number(entry, "value");
                        break;
                    case "write" or "Write":
                        written += Number(entry, "value");
                        break;
                }
            }
        }

        return (read, written);
    }

    private static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } map && map.TryGetProperty(name, out var value) ? value : null;

    private static double Number(JsonElement? of, string name) => Member(of, name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : 0;
}
