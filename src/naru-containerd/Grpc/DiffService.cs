using Naru.Base;
using Naru.Containerd;
using Naru.Rpc.Diff;
using Naru.Rpc.Types;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.diff.v1</summary>
internal sealed class DiffService(DiffApplier applier)
{
    private const string Service = "containerd.services.diff.v1.Diff/";

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Apply", ApplyRequest.Parser, async (call, request) =>
        {
            var mounts = request.Mounts.Select(m => new SnapshotMount(m.Type, m.Source, m.Options)).ToList();
            var scope = call.Scope;
            var applied = await Task.Run(() => applier.Apply(scope, request.Diff.Digest, mounts, request.SyncFs, call.Cancel), call.Cancel);
            return new ApplyResponse { Applied = new ContentDescriptor { MediaType = applied.MediaType, Digest = applied.Digest.ToString(), Size = applied.Size } };
        });
        router.UnaryAsync(Service + "Diff", DiffRequest.Parser, (_, _) => throw new NaruException(ErrorKind.Unimplemented, "diff of mounts: not implemented"));
    }
}
