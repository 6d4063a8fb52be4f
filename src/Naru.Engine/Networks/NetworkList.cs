using System.Security.Cryptography;
using System.Text;
using Naru.Api;
using Naru.Base;

namespace Naru.Engine.Networks;

/// <summary>The three networks that are always there: bridge, host, none.</summary>
public static class NetworkList
{
    /// <summary>64 hex digits that stay the same for a name.</summary>
    public static string IdOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("naru network " + name)));

    public static IReadOnlyList<NetworkResource> List(DateTimeOffset created, string subnet, string gateway) =>
        [Make("bridge", "bridge", created, subnet, gateway), Make("host", "host", created, "", ""), Make("none", "null", created, "", "")];

    /// <exception cref="NaruException">NotFound.</exception>
    public static NetworkResource Get(string reference, IReadOnlyList<NetworkResource> networks) =>
        networks.FirstOrDefault(network => network.Name == reference || (reference.Length > 0 && network.Id.StartsWith(reference, StringComparison.Ordinal)))
        ?? throw NaruException.NotFound($"network {reference} not found");

    private static NetworkResource Make(string name, string driver, DateTimeOffset created, string subnet, string gateway) => new()
    {
        Name = name,
        Id = IdOf(name),
        Created = created,
        Scope = "local",
        Driver = driver,
        EnableIPv4 = true,
        IPAM = new NetworkIpam { Driver = "default", Config = subnet.Length > 0 ? [new NetworkIpamPool { Subnet = subnet, Gateway = gateway }] : null },
        Containers = [],
        Options = [],
        Labels = [],
    };
}
