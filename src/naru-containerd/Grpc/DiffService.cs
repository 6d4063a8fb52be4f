using Naru.Containerd;
using Naru.Oci;
using Naru.Rpc.Diff;
using Naru.Rpc.Types;
using Mount = Naru.Rpc.Types.Mount;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.diff.v1</summary>
internal sealed class DiffService(DiffApplier applier, DiffCreator creator)
{
    private const string Service = "containerd.services.diff.v1.Diff/";

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Apply", ApplyRequest.Parser, async (call, request) =>
        {
            var scope = call.Scope;
            var applied = await Task.Run(() => applier.Apply(scope, request.Diff.Digest, Mounts(request.Mounts), request.SyncFs, call.Cancel), call.Cancel);
            return new ApplyResponse { Applied = Message(applied) };
        });
        router.Unary(Service + "Diff", DiffRequest.Parser, async (call, request) =>
        {
            var scope = call.Scope;
            var diff = await Task.Run(() => creator.Create(scope, Mounts(request.Left), Mounts(request.Right), request.MediaType, request.Ref, request.Labels, request.SourceDateEpoch?.Seconds, call.Cancel), call.Cancel);
            return new DiffResponse { Diff = Message(diff) };
        });
    }

    private static List<SnapshotMount> Mounts(IEnumerable<Mount> mounts) => [.. mounts.Select(m => new SnapshotMount(m.Type, m.Source, m.Options))];

    private static ContentDescriptor Message(Descriptor descriptor) => new() { MediaType = descriptor.MediaType, Digest = descriptor.Digest.ToString(), Size = descriptor.Size };
}
