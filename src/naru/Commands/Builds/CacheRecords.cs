using System.Globalization;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using Naru.Base.Units;
using Naru.Cli.Build.Solve;
using Naru.Cli.Grpc;
using Naru.Cli.Terminal;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Commands.Builds;

/// <summary>Records of the build cache: asked for, and shown at length.</summary>
internal static class CacheRecords
{
    /// <param name="filters">`name=value`, as the user writes them.</param>
    /// <exception cref="ExitException">The builder refused.</exception>
    public static List<UsageRecord> Read(CliContext context, IReadOnlyList<string> filters)
    {
        using var connection = BuilderConnection.Open(context.Engine);
        var request = new DiskUsageRequest();
        foreach (var filter in filters)
            request.Filter.Add(Translate(filter));
        try
        {
            List<UsageRecord> records = [.. connection.DiskUsage(request).Record];
            return Sorted(records);
        }
        catch (GrpcException e) when (e.Code == GrpcException.Unimplemented && filters.Count == 0)
        {
            return Sorted(FromEngine(context));
        }
        catch (GrpcException e)
        {
            throw new ExitException(1, $"ERROR: {e.Message}");
        }
    }

    private static List<UsageRecord> Sorted(List<UsageRecord> records)
    {
        records.Sort((a, b) => a.Size != b.Size ? a.Size.CompareTo(b.Size) : string.CompareOrdinal(a.ID, b.ID));
        return records;
    }

    /// <summary>The cache as the engine's own API lists it, for a builder that does not.</summary>
    private static List<UsageRecord> FromEngine(CliContext context)
    {
        using var response = context.Engine.Send("GET", "/system/df?type=build-cache");
        using var document = JsonDocument.Parse(response.ReadBytes());
        var records = new List<UsageRecord>();
        if (!document.RootElement.TryGetProperty("BuildCache", out var list) || list.ValueKind != JsonValueKind.Array)
            return records;
        foreach (var entry in list.EnumerateArray())
        {
            var known = entry.Deserialize(ApiJson.Default.BuildCacheRecord)!;
            var record = new UsageRecord { ID = known.Id, Description = known.Description, RecordType = known.Type, InUse = known.InUse, Shared = known.Shared, Size = known.Size, UsageCount = known.UsageCount, CreatedAt = Time(known.CreatedAt), LastUsedAt = Time(known.LastUsedAt) };
            record.Parents.AddRange(known.Parents ?? []);
            records.Add(record);
        }

        return records;
    }

    private static Timestamp? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && time.Year > 1970 ? new Timestamp { Seconds = time.ToUnixTimeSeconds(), Nanos = (int)(time.Ticks % TimeSpan.TicksPerSecond) * 100 } : null;

    /// <summary>`type=regular` in BuildKit's words: `type==regular`; a bare name asks for its presence.</summary>
    private static string Translate(string filter)
    {
        var (name, value) = Filters.Split(filter);
        return value.Length == 0 ? name : value.StartsWith('~') ? $"{name}~={value[1..]}" : $"{name}=={value}";
    }

    /// <summary>One record, a line for each thing known of it, then an empty one.</summary>
    public static void Show(UsageRecord record)
    {
        Pair("ID", record.ID);
        if (record.Parents.Count > 0)
        {
            Streams.OutLine("Parents:");
            foreach (var parent in record.Parents)
                Streams.OutLine($" - {parent}");
        }

        Pair("Created at", Created(record));
        Pair("Mutable", record.Mutable ? "true" : "false");
        Pair("Reclaimable", record.InUse ? "false" : "true");
        Pair("Shared", record.Shared ? "true" : "false");
        Pair("Size", ByteSize.Human(record.Size));
        if (record.Description.Length > 0)
            Pair("Description", record.Description);
        Pair("Usage count", record.UsageCount.ToString(CultureInfo.InvariantCulture));
        if (record.LastUsedAt is not null)
            Pair("Last used", Used(record));
        if (record.RecordType.Length > 0)
            Pair("Type", record.RecordType);
        Streams.OutLine("");

        static void Pair(string name, string value) => Streams.OutLine($"{name + ":",-14}{value}");
    }

    public static string Used(UsageRecord record) => record.LastUsedAt is { } time ? HumanTime.Since(time.Seconds) : "";

    public static string Created(UsageRecord record) => record.CreatedAt is { } time
        ? $"{DateTimeOffset.FromUnixTimeSeconds(time.Seconds):yyyy-MM-dd HH:mm:ss}{(time.Nanos > 0 ? "." + time.Nanos.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0') : "")} +0000 UTC"
        : "";
}
