using System.Net;
using Naru.Oci;

namespace Naru.Images;

/// <summary>Where a domain's registry is, and what may be sent there.</summary>
public static class RegistryHost
{
    /// <summary>The host to connect to: Docker Hub's registry is not at its domain.</summary>
    public static string Authority(string domain) => domain == ImageReference.DefaultDomain ? "registry-1.docker.io" : domain;

    /// <summary>True when the configuration names this domain, with or without its port, or a block that holds its address.</summary>
    public static bool IsInsecure(string domain, IReadOnlyCollection<string> insecure)
    {
        var host = HostOf(domain);
        foreach (var entry in insecure)
        {
            if (entry == domain || entry == host)
                return true;
            if (entry.Contains('/') && IPNetwork.TryParse(entry, out var network) && IPAddress.TryParse(host, out var address)
                && network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
                return true;
        }

        return false;
    }

    public static bool IsLoopback(string domain)
    {
        var host = HostOf(domain);
        return host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
    }

    /// <summary>
    /// Whether a registry's credentials may go to a token server: the same host, or one in the registry's own domain (auth.docker.io for
    /// registry-1.docker.io). A registry that names any other gets an anonymous request made there (CVE-2020-15157).
    /// </summary>
    public static bool MaySendCredentials(string registry, Uri realm, bool plainAllowed)
    {
        if (realm.Scheme != Uri.UriSchemeHttps && !plainAllowed)
            return false;
        var host = HostOf(registry);
        var other = realm.Host.Trim('[', ']');
        if (string.Equals(host, other, StringComparison.OrdinalIgnoreCase))
            return true;
        if (IPAddress.TryParse(host, out _) || IPAddress.TryParse(other, out _) || realm.Scheme != Uri.UriSchemeHttps)
            return false;
        if (IsWithin(other, host))
            return true;
        var dot = host.IndexOf('.');
        return dot > 0 && host[(dot + 1)..] is var parent && !IsPublicSuffix(parent) && (other == parent || IsWithin(other, parent));
    }

    private static bool IsWithin(string host, string domain) =>
        !IsPublicSuffix(domain) && host.Length > domain.Length && host.EndsWith(domain, StringComparison.OrdinalIgnoreCase) && host[^(domain.Length + 1)] == '.';

    /// <summary>One label, or what looks like co.uk, where anybody may register a name.</summary>
    private static bool IsPublicSuffix(string domain)
    {
        var labels = domain.Split('.');
        return labels.Length < 2 || (labels.Length == 2 && labels[1].Length == 2 && labels[0].Length <= 3);
    }

    private static string HostOf(string domain)
    {
        if (domain.StartsWith('['))
            return domain[1..Math.Max(domain.IndexOf(']'), 1)];
        var colon = domain.LastIndexOf(':');
        return colon < 0 ? domain : domain[..colon];
    }
}
