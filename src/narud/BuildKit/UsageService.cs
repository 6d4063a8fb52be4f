using Google.Protobuf.WellKnownTypes;
using Naru.Build;
using Naru.Build.Cache;
using Naru.GrpcServer;
using Naru.Rpc.BuildKit;
using PruneMessage = Naru.Rpc.BuildKit.PruneRequest;

namespace Naru.Daemon.BuildKit;

/// <summary>moby.buildkit.v1.Control, the part about what the builder keeps.</summary>
internal sealed class UsageService(Builder builder)
{
    private const string Service = "moby.buildkit.v1.Control/";
    private const long NanosecondsInTick = 100;

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "DiskUsage", DiskUsageRequest.Parser, DiskUsage);
        router.ServerStream(Service + "Prune", PruneMessage.Parser, Prune);
    }

    private async Task<Google.Protobuf.IMessage> DiskUsage(GrpcCall call, DiskUsageRequest request)
    {
        var filters = new CacheFilters(request.Filter);
        var oldest = DateTimeOffset.UtcNow - TimeSpan.FromTicks(request.AgeLimit / NanosecondsInTick);
        var answer = new DiskUsageResponse();
        foreach (var entry in await builder.Usage(call.Cancel))
        {
            if (filters.Match(entry) && (request.AgeLimit == 0 || (entry.LastUsed ?? entry.Created) < oldest))
                answer.Record.Add(Record(entry));
        }

        return answer;
    }

    private async Task Prune(GrpcCall call, PruneMessage request)
    {
        var wanted = new Build.Cache.PruneRequest
        {
            All = request.All,
            Filters = new CacheFilters(request.Filter).ToFilters(TimeSpan.FromTicks(request.KeepDuration / NanosecondsInTick)),
            ReservedSpace = request.ReservedSpace,
            MaxUsedSpace = request.MaxUsedSpace,
            MinFreeSpace = request.MinFreeSpace,
        };
        foreach (var entry in await builder.Prune(wanted, call.Cancel))
            await call.Write(Record(entry));
    }

    private static UsageRecord Record(CacheEntry entry)
    {
        var record = new UsageRecord
        {
            ID = entry.Id,
            Mutable = entry.Type != "regular",
            InUse = entry.InUse,
            Size = entry.Size,
            CreatedAt = Timestamp.FromDateTimeOffset(entry.Created),
            LastUsedAt = entry.LastUsed is { } used ? Timestamp.FromDateTimeOffset(used) : null,
            UsageCount = entry.Uses,
            Description = entry.Description,
            RecordType = entry.Type,
            Shared = entry.Shared,
        };
        record.Parents.Add(entry.Parents);
        return record;
    }
}
