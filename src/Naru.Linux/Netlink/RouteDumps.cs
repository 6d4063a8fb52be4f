using System.Buffers.Binary;
using System.Net;

namespace Naru.Linux;

/// <summary>What rtnetlink tells when asked: links, addresses, routes.</summary>
public static class RouteDumps
{
    public static IReadOnlyList<Link> Links(this NetlinkSocket socket)
    {
        var links = new List<Link>();
        socket.Dump(Request(Libc.RTM_GETLINK, RouteRequests.LinkHeader(0, false), "list links"), (_, body) => links.Add(ParseLink(body)));
        return links;
    }

    /// <summary>The link of that name, or null.</summary>
    public static Link? FindLink(this NetlinkSocket socket, string name) => socket.Links().FirstOrDefault(link => link.Name == name);

    /// <summary>IPv4 and IPv6 addresses of every link.</summary>
    public static IReadOnlyList<LinkAddress> Addresses(this NetlinkSocket socket)
    {
        var addresses = new List<LinkAddress>();
        socket.Dump(Request(Libc.RTM_GETADDR, new byte[8], "list addresses"), (_, body) =>
        {
            if (body[0] is not (Libc.AF_INET or Libc.AF_INET6))
                return;
            IPAddress? address = null;
            for (var reader = new NetlinkReader(body[8..]); reader.Read();)
            {
                // IFA_LOCAL is the link's own where both are given (point to point).
                if (reader.Type == Libc.IFA_LOCAL || (reader.Type == Libc.IFA_ADDRESS && address is null))
                    address = new IPAddress(reader.Value);
            }

            if (address is not null)
                addresses.Add(new LinkAddress(BinaryPrimitives.ReadInt32LittleEndian(body[4..]), address, body[1], (body[2] & Libc.IFA_F_PERMANENT) != 0, body[3] == Libc.RT_SCOPE_UNIVERSE));
        });
        return addresses;
    }

    /// <summary>IPv4 unicast routes of the main table, default routes (prefix length 0) included.</summary>
    public static IReadOnlyList<Route> Routes(this NetlinkSocket socket)
    {
        var routes = new List<Route>();
        var header = new byte[12];
        header[0] = (byte)Libc.AF_INET;
        socket.Dump(Request(Libc.RTM_GETROUTE, header, "list routes"), (_, body) =>
        {
            if (body[0] != Libc.AF_INET || body[4] != Libc.RT_TABLE_MAIN || body[7] != Libc.RTN_UNICAST)
                return;
            var destination = IPAddress.Any;
            IPAddress? gateway = null;
            var link = 0;
            for (var reader = new NetlinkReader(body[12..]); reader.Read();)
            {
                if (reader.Type == Libc.RTA_DST)
                    destination = new IPAddress(reader.Value);
                else if (reader.Type == Libc.RTA_GATEWAY)
                    gateway = new IPAddress(reader.Value);
                else if (reader.Type == Libc.RTA_OIF)
                    link = reader.Int32;
            }

            routes.Add(new Route(new IPNetwork(destination, body[1]), gateway, link));
        });
        return routes;
    }

    private static NetlinkWriter Request(ushort type, ReadOnlySpan<byte> header, string call)
    {
        var writer = new NetlinkWriter();
        writer.Begin(type, Libc.NLM_F_DUMP, header, call);
        writer.End();
        return writer;
    }

    private static Link ParseLink(ReadOnlySpan<byte> body)
    {
        var (name, kind, master, mtu, mac) = ("", "", 0, 0, Array.Empty<byte>());
        for (var reader = new NetlinkReader(body[16..]); reader.Read();)
        {
            switch (reader.Type)
            {
                case Libc.IFLA_IFNAME:
                    name = reader.Text;
                    break;
                case Libc.IFLA_MASTER:
                    master = reader.Int32;
                    break;
                case Libc.IFLA_MTU:
                    mtu = reader.Int32;
                    break;
                case Libc.IFLA_ADDRESS:
                    mac = reader.Value.ToArray();
                    break;
                case Libc.IFLA_LINKINFO:
                    for (var info = new NetlinkReader(reader.Value); info.Read();)
                    {
                        if (info.Type == Libc.IFLA_INFO_KIND)
                            kind = info.Text;
                    }

                    break;
            }
        }

        var up = (BinaryPrimitives.ReadUInt32LittleEndian(body[8..]) & Libc.IFF_UP) != 0;
        return new Link(BinaryPrimitives.ReadInt32LittleEndian(body[4..]), name, up, kind, master, mtu, mac);
    }
}
