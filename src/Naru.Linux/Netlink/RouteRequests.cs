using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Naru.Linux;

/// <summary>rtnetlink requests, each a message of the batch that <see cref="NetlinkSocket.Execute"/> sends: rtnetlink(7).</summary>
public static class RouteRequests
{
    private const ushort Acknowledged = Libc.NLM_F_ACK, New = Libc.NLM_F_ACK | Libc.NLM_F_CREATE | Libc.NLM_F_EXCL;

    /// <summary>Creates a bridge, down.</summary>
    public static void AddBridge(this NetlinkWriter writer, string name, ReadOnlySpan<byte> mac, int mtu)
    {
        writer.Begin(Libc.RTM_NEWLINK, New, LinkHeader(0, false), "add bridge", name);
        writer.Attribute(Libc.IFLA_IFNAME, name);
        if (mtu > 0)
            writer.Attribute(Libc.IFLA_MTU, mtu);
        writer.Attribute(Libc.IFLA_ADDRESS, mac);
        var info = writer.BeginNest(Libc.IFLA_LINKINFO);
        writer.Attribute(Libc.IFLA_INFO_KIND, "bridge");
        writer.EndNest(info);
        writer.End();
    }

    /// <summary>Creates both ends of a pair in one message: this end, down, in the bridge <paramref name="master"/> (a link's index);
    /// the other one under its final name, address and index in <paramref name="peerNamespace"/>, down too: the driver refuses ends born up (ENOTCONN).</summary>
    /// <param name="peerIndex">The link index wanted over there, so that later messages can name it unasked; 0 lets the kernel choose.</param>
    public static void AddVeth(this NetlinkWriter writer, string name, int master, int mtu, string peerName, int peerIndex, ReadOnlySpan<byte> peerMac, NetNs peerNamespace)
    {
        writer.Begin(Libc.RTM_NEWLINK, New, LinkHeader(0, false), "add veth", name);
        writer.Attribute(Libc.IFLA_IFNAME, name);
        if (mtu > 0)
            writer.Attribute(Libc.IFLA_MTU, mtu);
        writer.Attribute(Libc.IFLA_MASTER, master);
        var info = writer.BeginNest(Libc.IFLA_LINKINFO);
        writer.Attribute(Libc.IFLA_INFO_KIND, "veth");
        var data = writer.BeginNest(Libc.IFLA_INFO_DATA);
        var peer = writer.BeginNest(Libc.VETH_INFO_PEER);
        writer.Raw(LinkHeader(peerIndex, false));
        writer.Attribute(Libc.IFLA_IFNAME, peerName);
        if (mtu > 0)
            writer.Attribute(Libc.IFLA_MTU, mtu);
        writer.Attribute(Libc.IFLA_ADDRESS, peerMac);
        writer.Attribute(Libc.IFLA_NET_NS_FD, peerNamespace.Descriptor);
        writer.EndNest(peer);
        writer.EndNest(data);
        writer.EndNest(info);
        writer.End();
    }

    /// <summary>Keeps a link that is still down from getting an fe80 address. Fails with EAFNOSUPPORT where the kernel has no IPv6.</summary>
    /// <remarks>A message of its own: at creation the kernel does not take it, and together with the flags it would come after «up».</remarks>
    public static void WithoutLinkLocal(this NetlinkWriter writer, string name)
    {
        writer.Begin(Libc.RTM_SETLINK, Acknowledged, LinkHeader(0, false), "set link address mode", name);
        writer.Attribute(Libc.IFLA_IFNAME, name);
        var specification = writer.BeginNest(Libc.IFLA_AF_SPEC);
        var inet6 = writer.BeginNest(Libc.AF_INET6);
        writer.Attribute(Libc.IFLA_INET6_ADDR_GEN_MODE, Libc.IN6_ADDR_GEN_MODE_NONE);
        writer.EndNest(inet6);
        writer.EndNest(specification);
        writer.End();
    }

    /// <summary>Brings a link up.</summary>
    public static void SetUp(this NetlinkWriter writer, int index)
    {
        writer.Begin(Libc.RTM_NEWLINK, Acknowledged, LinkHeader(index, true), "set link up", $"index {index}");
        writer.End();
    }

    /// <summary>Brings a link up by its name.</summary>
    public static void SetUp(this NetlinkWriter writer, string name)
    {
        writer.Begin(Libc.RTM_NEWLINK, Acknowledged, LinkHeader(0, true), "set link up", name);
        writer.Attribute(Libc.IFLA_IFNAME, name);
        writer.End();
    }

    /// <summary>Renames a link, which must be down on kernels before 6.2.</summary>
    public static void Rename(this NetlinkWriter writer, int index, string name)
    {
        writer.Begin(Libc.RTM_SETLINK, Acknowledged, LinkHeader(index, false, change: false), "rename link", name);
        writer.Attribute(Libc.IFLA_IFNAME, name);
        writer.End();
    }

    /// <summary>Moves a link to another network namespace.</summary>
    public static void Move(this NetlinkWriter writer, int index, NetNs target)
    {
        writer.Begin(Libc.RTM_SETLINK, Acknowledged, LinkHeader(index, false, change: false), "move link", $"index {index}");
        writer.Attribute(Libc.IFLA_NET_NS_FD, target.Descriptor);
        writer.End();
    }

    /// <summary>Moves a link to a process's network namespace, under the name <paramref name="name"/>. It loses its addresses, and is down there.</summary>
    public static void Move(this NetlinkWriter writer, int index, int pid, string name)
    {
        writer.Begin(Libc.RTM_NEWLINK, Acknowledged, LinkHeader(index, false, change: false), "move link", name);
        writer.Attribute(Libc.IFLA_IFNAME, name);
        writer.Attribute(Libc.IFLA_NET_NS_PID, pid);
        writer.End();
    }

    /// <summary>Makes a link a port of the bridge <paramref name="master"/> (a link's index), and brings it up.</summary>
    public static void SetMaster(this NetlinkWriter writer, string name, int master)
    {
        writer.Begin(Libc.RTM_NEWLINK, Acknowledged, LinkHeader(0, true), "set link master", name);
        writer.Attribute(Libc.IFLA_IFNAME, name);
        writer.Attribute(Libc.IFLA_MASTER, master);
        writer.End();
    }

    /// <summary>Deletes a link by name; a veth takes its other end along.</summary>
    public static void DeleteLink(this NetlinkWriter writer, string name)
    {
        writer.Begin(Libc.RTM_DELLINK, Acknowledged, LinkHeader(0, false, change: false), "delete link", name);
        writer.Attribute(Libc.IFLA_IFNAME, name);
        writer.End();
    }

    /// <summary>Gives a link an address, with the subnet's broadcast address for IPv4.</summary>
    public static void AddAddress(this NetlinkWriter writer, int index, IPAddress address, int prefixLength)
    {
        // struct ifaddrmsg: family, prefix length, flags, scope, link index.
        Span<byte> header = stackalloc byte[8];
        header.Clear();
        header[0] = Family(address);
        header[1] = (byte)prefixLength;
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], index);
        var bytes = address.GetAddressBytes();
        writer.Begin(Libc.RTM_NEWADDR, New, header, "add address", $"{address}/{prefixLength}");
        writer.Attribute(Libc.IFA_LOCAL, bytes);
        writer.Attribute(Libc.IFA_ADDRESS, bytes);
        if (bytes.Length == 4 && prefixLength < 31)
            writer.Attribute(Libc.IFA_BROADCAST, Broadcast(bytes, prefixLength));
        writer.End();
    }

    /// <summary>Adds the default route by <paramref name="gateway"/>, which an address of the link must reach.</summary>
    public static void AddDefaultRoute(this NetlinkWriter writer, int index, IPAddress gateway)
    {
        writer.Begin(Libc.RTM_NEWROUTE, New, RouteHeader(Family(gateway), 0, Libc.RT_SCOPE_UNIVERSE), "add default route", $"via {gateway}");
        writer.Attribute(Libc.RTA_GATEWAY, gateway.GetAddressBytes());
        writer.Attribute(Libc.RTA_OIF, index);
        writer.End();
    }

    /// <summary>Adds a route to <paramref name="destination"/>, through <paramref name="gateway"/> or, when null, straight on the link.</summary>
    public static void AddRoute(this NetlinkWriter writer, int index, IPNetwork destination, IPAddress? gateway)
    {
        var scope = gateway is null ? Libc.RT_SCOPE_LINK : Libc.RT_SCOPE_UNIVERSE;
        writer.Begin(Libc.RTM_NEWROUTE, New, RouteHeader(Family(destination.BaseAddress), destination.PrefixLength, scope), "add route", destination.ToString());
        writer.Attribute(Libc.RTA_DST, destination.BaseAddress.GetAddressBytes());
        if (gateway is not null)
            writer.Attribute(Libc.RTA_GATEWAY, gateway.GetAddressBytes());
        writer.Attribute(Libc.RTA_OIF, index);
        writer.End();
    }

    /// <summary>Enters a permanent neighbour, so that no one has to ask who has <paramref name="address"/>.</summary>
    public static void AddNeighbour(this NetlinkWriter writer, int index, IPAddress address, ReadOnlySpan<byte> mac)
    {
        // struct ndmsg: family, 3 bytes, link index, state, flags, type.
        Span<byte> header = stackalloc byte[12];
        header.Clear();
        header[0] = Family(address);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], index);
        BinaryPrimitives.WriteUInt16LittleEndian(header[8..], Libc.NUD_PERMANENT);
        writer.Begin(Libc.RTM_NEWNEIGH, Libc.NLM_F_ACK | Libc.NLM_F_CREATE | Libc.NLM_F_REPLACE, header, "add neighbour", address.ToString());
        writer.Attribute(Libc.NDA_DST, address.GetAddressBytes());
        writer.Attribute(Libc.NDA_LLADDR, mac);
        writer.End();
    }

    /// <summary>struct ifinfomsg: family, pad, type, index, flags, mask of the flags that change.</summary>
    internal static byte[] LinkHeader(int index, bool up, bool change = true)
    {
        var header = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), index);
        if (up && change)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Libc.IFF_UP);
            BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), Libc.IFF_UP);
        }

        return header;
    }

    /// <summary>struct rtmsg: family, destination's and source's lengths, tos, table, protocol, scope, type, flags.</summary>
    private static byte[] RouteHeader(byte family, int length, byte scope) =>
        [family, (byte)length, 0, 0, Libc.RT_TABLE_MAIN, Libc.RTPROT_BOOT, scope, Libc.RTN_UNICAST, 0, 0, 0, 0];

    private static byte Family(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? (byte)Libc.AF_INET : (byte)Libc.AF_INET6;

    private static byte[] Broadcast(byte[] address, int prefixLength)
    {
        var value = BinaryPrimitives.ReadUInt32BigEndian(address) | (prefixLength == 0 ? uint.MaxValue : uint.MaxValue >> prefixLength);
        var result = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(result, value);
        return result;
    }
}
