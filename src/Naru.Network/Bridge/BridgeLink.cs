using System.Net;
using Naru.Base;
using Naru.Linux;

namespace Naru.Network;

/// <summary>The bridge itself: a link with the gateway's address, without IPv6.</summary>
internal sealed record BridgeLink(string Name, int Index, IPNetwork Subnet, IPAddress Gateway)
{
    /// <summary>Finds the bridge or makes it. One that is there keeps its address unless another is wanted; one that containers use keeps it in any case.</summary>
    /// <param name="inUse">Containers are running on it.</param>
    /// <exception cref="NaruException">A link of that name is no bridge, no subnet is free, or a bridge in use has another address.</exception>
    public static BridgeLink Ensure(NetlinkSocket route, NetworkOptions options, bool inUse)
    {
        var existing = route.FindLink(options.Bridge);
        if (existing is not null && existing.Kind != "bridge")
            throw NaruException.Precondition($"link {options.Bridge} exists and is no bridge");
        var addresses = route.Addresses();
        var own = existing is null ? null : addresses.FirstOrDefault(address => address.LinkIndex == existing.Index && address.Address.GetAddressBytes().Length == 4);
        if (own is not null && options.Subnet is { } wanted && !(wanted.Equals(Network(own)) && (options.Gateway is null || options.Gateway.Equals(own.Address))))
        {
            if (inUse)
                throw NaruException.Precondition($"bridge {options.Bridge} has the address {own.Address}/{own.PrefixLength} and containers on it: stop them before its address is changed");
            var delete = new NetlinkWriter();
            delete.DeleteLink(options.Bridge);
            route.Execute(delete);
            (existing, own) = (null, null);
        }

        var subnet = options.Subnet ?? (own is not null ? Network(own) : SubnetChoice.FirstFree(options.Pools, InUse(route, addresses)));
        var gateway = options.Gateway ?? own?.Address ?? new AddressPool(subnet).Gateway;
        if (existing is null)
        {
            var create = new NetlinkWriter();
            create.AddBridge(options.Bridge, MacAddress.FromAddress(gateway), options.Mtu);
            route.Execute(create);
            existing = route.FindLink(options.Bridge) ?? throw new NaruException(ErrorKind.Internal, $"link {options.Bridge} vanished");
        }

        var configure = new NetlinkWriter();
        if (own is null)
            configure.AddAddress(existing.Index, gateway, subnet.PrefixLength);
        Sysctls.Write($"net/ipv6/conf/{options.Bridge}/disable_ipv6", "1");
        Sysctls.Write($"net/ipv4/conf/{options.Bridge}/route_localnet", "1");
        configure.SetUp(existing.Index);
        route.Execute(configure);
        return new BridgeLink(options.Bridge, existing.Index, subnet, gateway);
    }

    private static List<IPNetwork> InUse(NetlinkSocket route, IReadOnlyList<LinkAddress> addresses)
    {
        List<IPNetwork> used = [];
        foreach (var entry in route.Routes())
            used.Add(entry.Destination);
        foreach (var address in addresses.Where(address => address.Address.GetAddressBytes().Length == 4))
            used.Add(Network(address));
        return used;
    }

    private static IPNetwork Network(LinkAddress address) => Subnets.Around(address.Address, address.PrefixLength);
}
