using System.Net;
using Naru.Engine.Containers;
using Naru.Network;

namespace Naru.Engine.Networks;

/// <summary>The files of the host that a container sees as /etc/resolv.conf, /etc/hostname and /etc/hosts.</summary>
internal static class EtcFiles
{
    private static readonly string[] Names = ["resolv.conf", "hostname", "hosts"];

    public static IReadOnlyDictionary<string, string> Of(EnginePaths paths, string id) =>
        Names.Where(name => File.Exists(Path.Combine(paths.Container(id), name))).ToDictionary(name => "/etc/" + name, name => Path.Combine(paths.Container(id), name));

    /// <param name="address">The container's own; null when it has none.</param>
    /// <param name="gateway">What `host-gateway` stands for in an extra host.</param>
    /// <param name="defaults">The engine's resolvers, for a container without its own.</param>
    public static void Write(EnginePaths paths, ContainerRecord record, string? address, bool hostNetwork, IPAddress gateway, EngineNetworkOptions defaults)
    {
        var (config, host) = (record.Config, record.HostConfig);
        var extra = host.ExtraHosts ?? [];
        Put(paths, record.Id, "hosts", hostNetwork
            ? HostsFile.FromHost(File.Exists("/etc/hosts") ? File.ReadAllText("/etc/hosts") : "", extra, gateway)
            : HostsFile.Generate(config.Hostname, config.Domainname, address, extra, gateway));
        Put(paths, record.Id, "hostname", config.Hostname + "\n");
        Put(paths, record.Id, "resolv.conf", ResolvConf.Generate(
            ResolvConf.ReadHost(),
            host.Dns is { Count: > 0 } dns ? dns : defaults.Dns,
            host.DnsSearch is { Count: > 0 } search ? search : defaults.DnsSearch,
            host.DnsOptions is { Count: > 0 } options ? options : defaults.DnsOptions,
            keepLocal: hostNetwork));
    }

    private static void Put(EnginePaths paths, string id, string name, string content)
    {
        var path = Path.Combine(paths.Container(id), name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, (UnixFileMode)0x1A4);
    }
}
