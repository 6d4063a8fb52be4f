using System.Net;
using Naru.Engine.Containers;
using Naru.Network;

namespace Naru.Engine.Networks;

/// <summary>The files of the host that a container sees as /etc/resolv.conf, /etc/hostname and /etc/hosts.</summary>
internal static class EtcFiles
{
    private static readonly string[] Names = ["resolv.conf", "hostname", "hosts"];

    /// <param name="folder">Where the files are: the container's own.</param>
    public static IReadOnlyDictionary<string, string> Of(string folder) =>
        Names.Where(name => File.Exists(Path.Combine(folder, name))).ToDictionary(name => "/etc/" + name, name => Path.Combine(folder, name));

    /// <param name="address">The container's own; null when it has none.</param>
    /// <param name="gateway">What `host-gateway` stands for in an extra host.</param>
    /// <param name="defaults">The engine's resolvers, for a container without its own.</param>
    public static void Write(string folder, ContainerRecord record, string? address, bool hostNetwork, IPAddress gateway, EngineNetworkOptions defaults)
    {
        var (config, host) = (record.Config, record.HostConfig);
        var extra = host.ExtraHosts ?? [];
        Put(folder, "hosts", hostNetwork
            ? HostsFile.FromHost(File.Exists("/etc/hosts") ? File.ReadAllText("/etc/hosts") : "", extra, gateway)
            : HostsFile.Generate(config.Hostname, config.Domainname, address, extra, gateway));
        Put(folder, "hostname", config.Hostname + "\n");
        Put(folder, "resolv.conf", ResolvConf.Generate(
            ResolvConf.ReadHost(),
            host.Dns is { Count: > 0 } dns ? dns : defaults.Dns,
            host.DnsSearch is { Count: > 0 } search ? search : defaults.DnsSearch,
            host.DnsOptions is { Count: > 0 } options ? options : defaults.DnsOptions,
            keepLocal: hostNetwork));
    }

    private static void Put(string folder, string name, string content)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, (UnixFileMode)0x1A4);
    }
}
