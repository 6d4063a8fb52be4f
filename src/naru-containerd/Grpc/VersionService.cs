using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.Health;
using Naru.Rpc.Introspection;

namespace Naru.ContainerdDaemon;

/// <summary>Version, introspection and health: what the daemon is and has.</summary>
internal sealed class VersionService(string root)
{
    /// <summary>The release whose API is served.</summary>
    private const string Version = "2.1.0+naru";

    private static readonly (string Type, string Id)[] Loaded =
    [
        ("io.containerd.content.v1", "content"), ("io.containerd.metadata.v1", "bolt"), ("io.containerd.gc.v1", "scheduler"), ("io.containerd.differ.v1", "walking"),
        ("io.containerd.snapshotter.v1", "overlayfs"), ("io.containerd.runtime.v2", "task"), ("io.containerd.event.v1", "exchange"), ("io.containerd.lease.v1", "manager"),
        ("io.containerd.transfer.v1", "local"), ("io.containerd.streaming.v1", "manager"),
        .. ((string[])["containers", "content", "diff", "events", "healthcheck", "images", "introspection", "leases", "namespaces", "snapshots", "streaming", "tasks", "transfer", "version"])
            .Select(id => ("io.containerd.grpc.v1", id)),
    ];

    private readonly string uuid = ReadUuid(Path.Combine(root, "uuid"));

    public void Map(GrpcRouter router)
    {
        router.Unary("containerd.services.version.v1.Version/Version", Empty.Parser, (_, _) => new VersionResponse { Version = Version, Revision = "naru" });
        router.Unary("containerd.services.introspection.v1.Introspection/Plugins", PluginsRequest.Parser, Plugins);
        router.Unary("containerd.services.introspection.v1.Introspection/Server", Empty.Parser, (_, _) => new ServerResponse
        {
            Uuid = uuid,
            Pid = (ulong)Environment.ProcessId,
            Pidns = PidNamespace(),
        });
        router.Unary("grpc.health.v1.Health/Check", HealthCheckRequest.Parser, (_, _) => new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving });
    }

    private static PluginsResponse Plugins(GrpcCall call, PluginsRequest request)
    {
        var filter = Containerd.Filter.Parse(request.Filters);
        var response = new PluginsResponse();
        foreach (var (type, id) in Loaded)
        {
            if (!filter.Matches(path => path[0] switch { "type" => type, "id" => id, _ => null }))
                continue;
            var plugin = new Plugin { Type = type, Id = id };
            if (type is "io.containerd.snapshotter.v1" or "io.containerd.runtime.v2" or "io.containerd.differ.v1")
                plugin.Platforms.Add(new Rpc.Types.Platform { Os = "linux", Architecture = Oci.Platform.Host.Architecture });
            response.Plugins.Add(plugin);
        }

        return response;
    }

    private static ulong PidNamespace()
    {
        var link = File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name ?? string.Empty;
        return ulong.TryParse(link.AsSpan(link.IndexOf('[') + 1).TrimEnd(']'), out var inode) ? inode : 0;
    }

    private static string ReadUuid(string path)
    {
        if (!File.Exists(path))
            AtomicFile.Write(path, System.Text.Encoding.ASCII.GetBytes(Guid.NewGuid().ToString()));
        return File.ReadAllText(path).Trim();
    }
}
