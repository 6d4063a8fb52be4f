using System.Net;
using Naru.Base;
using Naru.Linux;

namespace Naru.Network;

/// <summary>The bridge itself: a link with the gateway's address, without IPv6.</summary>
internal sealed record BridgeLink(string Name, int Index, IPNetwork Subnet)
{
    /// <summary>Finds the bridge or makes it. One that is there keeps its subnet: containers may be using it.</summary>
    /// <exception cref="NaruException">A link of that name is no bridge, or no subnet is free.</exception>
    public static BridgeLink Ensure(NetlinkSocket route, NetworkOptions options)
    {
        var existing = route.FindLink(options.Bridge);
        if (existing is not null && existing.Kind != "bridge")
            throw NaruException.Precondition($"link {options.Bridge} exists and is no bridge");
        var addresses = route.Addresses();
        var own = existing is null ? null : addresses.FirstOrDefault(address => address.LinkIndex == existing.Index && address.Address.GetAddressBytes().Length == 4);
        var subnet = options.Subnet ?? (own is not null ? Network(own) : SubnetChoice.FirstFree(InUse(route, addresses)));
        var gateway = new AddressPool(subnet).Gateway;
        if (existing is null)
        {
            var create = new NetlinkWriter();
            create.AddBridge(options.Bridge, MacAddress.FromAddress(gateway), options.Mtu);
            route.Execute(create);
            existing = route.FindLink(options.Bridge) ?? throw new NaruException(ErrorKind.Internal, $"link {options.Bridge} vanished");
        }

        var configure = new NetlinkWriter();
        if (own is null || !own.Address.Equals(gateway))
            configure.AddAddress(existing.Index, gateway, subnet.PrefixLength);
        Sysctls.Write($"net/ipv6/conf/{options.Bridge}/disable_ipv6", "1");
        Sysctls.Write($"net/ipv4/conf/{options.Bridge}/route_localnet", "1");
        configure.SetUp(existing.Index);
        route.Execute(configure);
        return new BridgeLink(options.Bridge, existing.Index, subnet);
    }

    private static IPNetwork[] InUse(NetlinkSocket route, IReadOnlyList<LinkAddress> addresses) =>
    [
        .. route.Routes().Select(entry => entry.Destination),
        .. addresses.Where(address => address.Address.GetAddressBytes().Length == 4).Select(Network),
    ];

    private static IPNetwork Network(LinkAddress address)
    {
        var bytes = address.Address.GetAddressBytes();
        for (var bit = address.PrefixLength; bit < 32; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), address.PrefixLength);
    }
}
