using System.Net;
using System.Text;
using Naru.Base;

namespace Naru.Network;

/// <summary>A container's /etc/hosts, in Docker's lines and order.</summary>
public static class HostsFile
{
    private const string Standard =
        "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::\tip6-localnet\nff00::\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n";

    /// <param name="address">The container's own address; null with `--network none`, which gets no line for its name.</param>
    /// <param name="extraHosts">`--add-host`, each `NAME:ADDRESS`; `host-gateway` as address stands for <paramref name="gateway"/>.</param>
    /// <exception cref="NaruException">InvalidArgument: an entry has no address.</exception>
    public static string Generate(string hostname, string? domain, string? address, IReadOnlyList<string> extraHosts, IPAddress gateway)
    {
        var text = new StringBuilder(Standard);
        AppendExtra(text, extraHosts, gateway);
        if (address is not null)
        {
            // `--hostname a.b.c` is the same as `--hostname a --domainname b.c`.
            var dot = hostname.IndexOf('.');
            var full = string.IsNullOrEmpty(domain) ? hostname : $"{hostname}.{domain}";
            var name = !string.IsNullOrEmpty(domain) ? hostname : dot > 0 ? hostname[..dot] : null;
            text.Append(address).Append('\t').Append(full);
            if (name is not null)
                text.Append(' ').Append(name);
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>With `--network host`: the machine's own file and the extra hosts.</summary>
    public static string FromHost(string hostFile, IReadOnlyList<string> extraHosts, IPAddress gateway)
    {
        var text = new StringBuilder(hostFile);
        if (hostFile.Length > 0 && hostFile[^1] != '\n')
            text.Append('\n');
        AppendExtra(text, extraHosts, gateway);
        return text.ToString();
    }

    private static void AppendExtra(StringBuilder text, IReadOnlyList<string> extraHosts, IPAddress gateway)
    {
        foreach (var entry in extraHosts)
        {
            var colon = entry.IndexOf(':');
            if (colon <= 0)
                throw NaruException.Invalid($"bad format for add-host: \"{entry}\"");
            var address = entry[(colon + 1)..];
            if (address == "host-gateway")
                address = gateway.ToString();
            else if (IPAddress.TryParse(address.Trim('[', ']'), out var parsed))
                address = parsed.ToString();
            else
                throw NaruException.Invalid($"invalid IP address in add-host: \"{address}\"");
            text.Append(address).Append('\t').Append(entry[..colon]).Append('\n');
        }
    }
}
