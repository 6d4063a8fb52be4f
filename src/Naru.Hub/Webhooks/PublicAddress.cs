using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Naru.Hub.Webhooks;

/// <summary>Tells addresses of the open internet from those that only mean something here.</summary>
/// <remarks>IANA's special-purpose address registries for IPv4 and IPv6 (RFC 6890 and its successors).</remarks>
internal static class PublicAddress
{
    private static readonly IPNetwork[] Special =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.0.0.0/24"), IPNetwork.Parse("192.0.2.0/24"), IPNetwork.Parse("192.88.99.0/24"), IPNetwork.Parse("192.168.0.0/16"),
        IPNetwork.Parse("198.18.0.0/15"), IPNetwork.Parse("198.51.100.0/24"), IPNetwork.Parse("203.0.113.0/24"), IPNetwork.Parse("224.0.0.0/3"),

        // Within 2000::/3: protocol assignments and Teredo, documentation, 6to4, which carries IPv4 addresses.
        IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16"), IPNetwork.Parse("3fff::/20"),
    ];

    private static readonly IPNetwork Unicast = IPNetwork.Parse("2000::/3");

    /// <summary>Whether the address is one of the internet, and not one of this machine's.</summary>
    public static bool Is(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !Unicast.Contains(address))
            return false;
        foreach (var network in Special)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
                return false;
        }

        return !IsOwn(address);
    }

    /// <summary>Behind a public address of this machine may be what its firewall keeps from others.</summary>
    private static bool IsOwn(IPAddress address)
    {
        foreach (var device in NetworkInterface.GetAllNetworkInterfaces())
        {
            foreach (var own in device.GetIPProperties().UnicastAddresses)
            {
                if (own.Address.Equals(address))
                    return true;
            }
        }

        return false;
    }
}
