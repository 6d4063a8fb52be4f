using System.Text;
using Naru.Engine.Containers;

namespace Naru.Engine.Networks;

/// <summary>The files of the host that a container sees as /etc/resolv.conf, /etc/hostname and /etc/hosts.</summary>
internal static class EtcFiles
{
    private static readonly string[] Names = ["resolv.conf", "hostname", "hosts"];

    public static IReadOnlyDictionary<string, string> Of(EnginePaths paths, string id) =>
        Names.Where(name => File.Exists(Path.Combine(paths.Container(id), name))).ToDictionary(name => "/etc/" + name, name => Path.Combine(paths.Container(id), name));

    /// <param name="address">The container's own; empty when it has none.</param>
    public static void Write(EnginePaths paths, ContainerRecord record, string address, bool hostNetwork)
    {
        var host = record.HostConfig;
        var hosts = new StringBuilder();
        if (hostNetwork && File.Exists("/etc/hosts"))
            hosts.Append(File.ReadAllText("/etc/hosts").TrimEnd('\n')).Append('\n');
        else
            hosts.Append("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n");
        foreach (var extra in host.ExtraHosts ?? [])
        {
            var at = extra.IndexOfAny([':', '=']);
            if (at > 0)
                hosts.Append(extra[(at + 1)..].Trim('[', ']')).Append('\t').Append(extra[..at]).Append('\n');
        }

        if (address.Length > 0)
            hosts.Append(address).Append('\t').Append(record.Config.Hostname).Append('\n');
        Put(paths, record.Id, "hosts", hosts.ToString());
        Put(paths, record.Id, "hostname", record.Config.Hostname + "\n");
        Put(paths, record.Id, "resolv.conf", Resolver(host, hostNetwork));
    }

    /// <summary>The host's resolvers without those on loopback, which a container cannot reach.</summary>
    private static string Resolver(Api.HostConfig host, bool hostNetwork)
    {
        var own = File.Exists("/etc/resolv.conf") ? File.ReadAllLines("/etc/resolv.conf") : [];
        if (hostNetwork && host.Dns is not { Count: > 0 } && host.DnsSearch is not { Count: > 0 } && host.DnsOptions is not { Count: > 0 })
            return string.Join('\n', own) + "\n";
        IEnumerable<string> Of(string kind) => own.Select(line => line.Trim()).Where(line => line.StartsWith(kind + " ", StringComparison.Ordinal)).Select(line => line[(kind.Length + 1)..].Trim());
        var servers = host.Dns is { Count: > 0 } dns ? dns : [.. Of("nameserver").Where(server => !server.StartsWith("127.", StringComparison.Ordinal) && server != "::1")];
        if (servers.Count == 0)
            servers = ["8.8.8.8", "8.8.4.4"];
        var text = new StringBuilder();
        foreach (var server in servers)
            text.Append("nameserver ").Append(server).Append('\n');
        var search = host.DnsSearch is { Count: > 0 } asked ? string.Join(' ', asked.Where(one => one != ".")) : string.Join(' ', Of("search"));
        if (search.Length > 0)
            text.Append("search ").Append(search).Append('\n');
        var options = host.DnsOptions is { Count: > 0 } given ? string.Join(' ', given) : string.Join(' ', Of("options"));
        if (options.Length > 0)
            text.Append("options ").Append(options).Append('\n');
        return text.ToString();
    }

    private static void Put(EnginePaths paths, string id, string name, string content)
    {
        var path = Path.Combine(paths.Container(id), name);
        File.WriteAllText(path, content);
        File.SetUnixFileMode(path, (UnixFileMode)0x1A4);
    }
}
