using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.Introspection;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.introspection.v1: what the daemon has.</summary>
internal sealed class IntrospectionService(string root)
{
    private const string Service = "containerd.services.introspection.v1.Introspection/";

    private static readonly LoadedPlugin[] Loaded =
    [
        new("io.containerd.content.v1", "content"), new("io.containerd.metadata.v1", "bolt"), new("io.containerd.gc.v1", "scheduler"), new("io.containerd.differ.v1", "walking"),
        new("io.containerd.snapshotter.v1", "overlayfs"), new("io.containerd.runtime.v2", "task"), new("io.containerd.event.v1", "exchange"), new("io.containerd.lease.v1", "manager"),
        new("io.containerd.transfer.v1", "local"), new("io.containerd.streaming.v1", "manager"),
        .. ((string[])["containers", "content", "diff", "events", "healthcheck", "images", "introspection", "leases", "namespaces", "snapshots", "streaming", "tasks", "transfer", "version"])
            .Select(id => new LoadedPlugin("io.containerd.grpc.v1", id)),
    ];

    private readonly string uuid = ReadUuid(Path.Combine(root, "uuid"));

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Plugins", PluginsRequest.Parser, Plugins);
        router.Unary(Service + "PluginInfo", PluginInfoRequest.Parser, PluginInfo);
        router.Unary(Service + "Server", Empty.Parser, (_, _) => new ServerResponse
        {
            Uuid = uuid,
            Pid = (ulong)Environment.ProcessId,
            Pidns = PidNamespace(),
        });
    }

    private static PluginsResponse Plugins(GrpcCall call, PluginsRequest request)
    {
        var filter = Containerd.Filter.Parse(request.Filters);
        var response = new PluginsResponse();
        foreach (var (type, id) in Loaded)
        {
            if (!filter.Matches(path => path[0] switch { "type" => type, "id" => id, _ => null }))
                continue;
            response.Plugins.Add(Message(type, id));
        }

        return response;
    }

    private static PluginInfoResponse PluginInfo(GrpcCall call, PluginInfoRequest request)
    {
        if (!Loaded.Contains(new LoadedPlugin(request.Type, request.Id)))
            throw NaruException.NotFound($"plugin {request.Type}.{request.Id}: not found");
        if (request.Options is not null)
            throw new NaruException(ErrorKind.Unimplemented, $"plugin {request.Type}.{request.Id} tells nothing more about itself: not implemented");
        return new PluginInfoResponse { Plugin = Message(request.Type, request.Id) };
    }

    private static Plugin Message(string type, string id)
    {
        var plugin = new Plugin { Type = type, Id = id };
        if (type is "io.containerd.snapshotter.v1" or "io.containerd.runtime.v2" or "io.containerd.differ.v1")
            plugin.Platforms.Add(new Rpc.Types.Platform { Os = "linux", Architecture = Oci.Platform.Host.Architecture });
        return plugin;
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

    private sealed record LoadedPlugin(string Type, string Id);
}
