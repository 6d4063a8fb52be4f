using System.Buffers.Binary;
using System.Net;

namespace Naru.Linux;

/// <summary>Makes connection tracking forget flows, so that UDP clients which never pause follow a port to its new container.</summary>
/// <remarks>linux/netfilter/nfnetlink_conntrack.h</remarks>
public static class ConnectionTracking
{
    private const ushort IPCTNL_MSG_CT_GET = 1, IPCTNL_MSG_CT_DELETE = 2, CTA_TUPLE_ORIG = 1, CTA_TUPLE_REPLY = 2, CTA_TUPLE_IP = 1, CTA_TUPLE_PROTO = 2,
        CTA_IP_V4_SRC = 1, CTA_PROTO_NUM = 1, CTA_PROTO_DST_PORT = 3;

    /// <summary>Deletes the IPv4 flows that <paramref name="which"/> picks.</summary>
    public static void Delete(NetlinkSocket socket, Func<TrackedFlow, bool> which)
    {
        var request = new NetlinkWriter();
        request.Begin(Type(IPCTNL_MSG_CT_GET), Libc.NLM_F_DUMP, [Libc.AF_INET, 0, 0, 0], "list tracked flows");
        request.End();
        var deletions = new NetlinkWriter();
        socket.Dump(request, (type, body) =>
        {
            var (protocol, port, answerer) = ((byte)0, 0, IPAddress.None);
            ReadOnlySpan<byte> original = default;
            for (var reader = new NetlinkReader(body[4..]); reader.Read();)
            {
                if (reader.Type == CTA_TUPLE_ORIG)
                {
                    original = reader.Value;
                    (protocol, port, _) = ParseTuple(original);
                }
                else if (reader.Type == CTA_TUPLE_REPLY)
                {
                    answerer = ParseTuple(reader.Value).Source;
                }
            }

            if (!which(new TrackedFlow(protocol, port, answerer)))
                return;
            deletions.Begin(Type(IPCTNL_MSG_CT_DELETE), Libc.NLM_F_ACK, [Libc.AF_INET, 0, 0, 0], "delete tracked flow");
            deletions.Attribute(CTA_TUPLE_ORIG | Libc.NLA_F_NESTED, original);
            deletions.End();
        });
        if (deletions.Count > 0 && socket.TryExecute(deletions) is { } error && error.Errno != Errno.ENOENT)
            throw error.ToException();
    }

    private static ushort Type(ushort message) => (ushort)((Libc.NFNL_SUBSYS_CTNETLINK << 8) | message);

    private static (byte Protocol, int Port, IPAddress Source) ParseTuple(ReadOnlySpan<byte> tuple)
    {
        var (protocol, port, source) = ((byte)0, 0, IPAddress.None);
        for (var outer = new NetlinkReader(tuple); outer.Read();)
        {
            for (var inner = new NetlinkReader(outer.Value); inner.Read();)
            {
                if (outer.Type == CTA_TUPLE_IP && inner.Type == CTA_IP_V4_SRC)
                    source = new IPAddress(inner.Value);
                else if (outer.Type == CTA_TUPLE_PROTO && inner.Type == CTA_PROTO_NUM)
                    protocol = inner.Value[0];
                else if (outer.Type == CTA_TUPLE_PROTO && inner.Type == CTA_PROTO_DST_PORT)
                    port = BinaryPrimitives.ReadUInt16BigEndian(inner.Value);
            }
        }

        return (protocol, port, source);
    }
}
