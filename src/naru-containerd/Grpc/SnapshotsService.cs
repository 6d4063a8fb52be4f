using Naru.Base;
using Naru.Containerd;
using Naru.Rpc;
using Naru.Rpc.Snapshots;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.snapshots.v1</summary>
internal sealed class SnapshotsService(OverlaySnapshotter snapshots)
{
    private const string Service = "containerd.services.snapshots.v1.Snapshots/";
    private const int ListSize = 100;

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Prepare", PrepareSnapshotRequest.Parser, (call, request) =>
        {
            Check(request.Snapshotter);
            if (request.Labels.TryGetValue(Metadata.SnapshotSource, out var source) && request.Labels.TryGetValue(Metadata.SnapshotTarget, out var target))
                Share(call.Scope, request, source, target);
            var response = new PrepareSnapshotResponse();
            response.Mounts.Add(snapshots.Prepare(call.Scope, request.Key, request.Parent, request.Labels).Select(Wire.Mount));
            return response;
        });
        router.Unary(Service + "View", ViewSnapshotRequest.Parser, (call, request) =>
        {
            Check(request.Snapshotter);
            var response = new ViewSnapshotResponse();
            response.Mounts.Add(snapshots.View(call.Scope, request.Key, request.Parent, request.Labels).Select(Wire.Mount));
            return response;
        });
        router.Unary(Service + "Mounts", MountsRequest.Parser, (call, request) =>
        {
            Check(request.Snapshotter);
            var response = new MountsResponse();
            response.Mounts.Add(snapshots.Mounts(call.Scope, request.Key).Select(Wire.Mount));
            return response;
        });
        router.Unary(Service + "Commit", CommitSnapshotRequest.Parser, (call, request) =>
        {
            Check(request.Snapshotter);
            snapshots.Commit(call.Scope, request.Name, request.Key, request.Labels, request.Parent);
        });
        router.Unary(Service + "Remove", RemoveSnapshotRequest.Parser, (call, request) =>
        {
            Check(request.Snapshotter);
            snapshots.Remove(call.Scope, request.Key);
        });
        router.Unary(Service + "Stat", StatSnapshotRequest.Parser, (call, request) =>
        {
            Check(request.Snapshotter);
            return new StatSnapshotResponse { Info = Message(snapshots.Stat(call.Scope, request.Key)) };
        });
        router.Unary(Service + "Update", UpdateSnapshotRequest.Parser, (call, request) =>
        {
            Check(request.Snapshotter);
            return new UpdateSnapshotResponse { Info = Message(snapshots.Update(call.Scope, request.Info.Name, request.Info.Labels, Wire.Paths(request.UpdateMask))) };
        });
        router.ServerStream(Service + "List", ListSnapshotsRequest.Parser, List);
        router.Unary(Service + "Usage", UsageRequest.Parser, (call, request) =>
        {
            Check(request.Snapshotter);
            var usage = snapshots.Usage(call.Scope, request.Key);
            return new UsageResponse { Size = usage.Bytes, Inodes = usage.Inodes };
        });
        router.Unary(Service + "Cleanup", CleanupRequest.Parser, (_, request) =>
        {
            Check(request.Snapshotter);
            snapshots.Cleanup();
        });
    }

    /// <summary>Makes the wanted snapshot at once and says, as remote snapshotters do, that it is there.</summary>
    private void Share(Scope scope, PrepareSnapshotRequest request, string source, string target)
    {
        var labels = new Dictionary<string, string>(request.Labels);
        labels.Remove(Metadata.SnapshotSource);
        labels.Remove(Metadata.SnapshotTarget);
        snapshots.Share(scope, target, request.Parent, source, labels);
        throw NaruException.Exists($"snapshot \"{target}\": already exists");
    }

    private async Task List(GrpcCall call, ListSnapshotsRequest request)
    {
        Check(request.Snapshotter);
        foreach (var chunk in snapshots.List(call.Scope, Filter.Parse(request.Filters)).Chunk(ListSize))
        {
            var response = new ListSnapshotsResponse();
            response.Info.Add(chunk.Select(Message));
            await call.Write(response);
        }
    }

    private static void Check(string snapshotter)
    {
        if (snapshotter.Length == 0)
            throw NaruException.Invalid("snapshotter argument missing: invalid argument");
        if (snapshotter != OverlaySnapshotter.Name)
            throw NaruException.Invalid($"snapshotter not loaded: {snapshotter}: invalid argument");
    }

    private static Info Message(SnapshotInfo info)
    {
        var message = new Info
        {
            Name = info.Name,
            Parent = info.Parent,
            Kind = (Kind)info.Kind,
            CreatedAt = Wire.Time(info.Created),
            UpdatedAt = Wire.Time(info.Updated),
        };
        Wire.Copy(info.Labels, message.Labels);
        return message;
    }
}
