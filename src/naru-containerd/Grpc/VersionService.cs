using Google.Protobuf.WellKnownTypes;
using Naru.Rpc.Introspection;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.version.v1</summary>
internal sealed class VersionService
{
    /// <summary>The release whose API is served.</summary>
    private const string Version = "2.1.0+naru";

    public void Map(GrpcRouter router) =>
        router.Unary("containerd.services.version.v1.Version/Version", Empty.Parser, (_, _) => new VersionResponse { Version = Version, Revision = "naru" });
}
