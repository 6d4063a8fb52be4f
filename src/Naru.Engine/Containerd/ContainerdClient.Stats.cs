using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.Grpc;
using Snapshots = Naru.Rpc.Snapshots;
using Tasks = Naru.Rpc.Tasks;

namespace Naru.Engine.Containerd;

/// <summary>What containerd tells of tasks and snapshots that are there.</summary>
public sealed partial class ContainerdClient
{
    /// <summary>A task's numbers (io.containerd.cgroups.v1.Metrics or v2.Metrics); null when it has none.</summary>
    public async Task<Any?> TryMetrics(string id, CancellationToken cancel)
    {
        try
        {
            var answer = await Call(ContainerdApi.Tasks.Metrics, new Tasks.MetricsRequest { Filters = { $"id=={id}" } }, cancel);
            return answer.Metrics.FirstOrDefault(metric => metric.Id == id)?.Data;
        }
        catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.FailedPrecondition)
        {
            return null;
        }
    }

    /// <summary>Keys of the snapshots that are written to.</summary>
    public async Task<IReadOnlyList<string>> ListActiveSnapshots(CancellationToken cancel)
    {
        List<string> keys = [];
        var request = new Snapshots.ListSnapshotsRequest { Snapshotter = Snapshotter, Filters = { "kind==active" } };
        await foreach (var part in Stream(ContainerdApi.Snapshots.List, request, cancel))
            keys.AddRange(part.Info.Where(info => info.Kind == Snapshots.Kind.Active).Select(info => info.Name));
        return keys;
    }
}
