
namespace Naru.Linux;

/// <summary>The two nf_tables requests on the hot path, written straight to the kernel: libnftables first reads back the whole ruleset, this does not.</summary>
/// <remarks>linux/netfilter/nf_tables.h. All messages of a writer, between <see cref="BeginBatch"/> and <see cref="EndBatch"/>, are one transaction.</remarks>
public static class NftablesRequests
{
    public static void BeginBatch(this NetlinkWriter writer) => Boundary(writer, Libc.NFNL_MSG_BATCH_BEGIN);

    public static void EndBatch(this NetlinkWriter writer) => Boundary(writer, Libc.NFNL_MSG_BATCH_END);

    /// <summary>Adds elements to a map of an `ip` table. Keys and values are in network order, each part of a concatenation padded to 4 bytes.</summary>
    public static void AddElements(this NetlinkWriter writer, string table, string map, IEnumerable<NftablesElement> elements) =>
        Elements(writer, Libc.NFT_MSG_NEWSETELEM, Libc.NLM_F_ACK | Libc.NLM_F_CREATE, table, map, elements, "add nftables element");

    /// <summary>Removes elements by their keys; one that is not there fails the transaction with ENOENT.</summary>
    public static void DeleteElements(this NetlinkWriter writer, string table, string map, IEnumerable<byte[]> keys) =>
        Elements(writer, Libc.NFT_MSG_DELSETELEM, Libc.NLM_F_ACK, table, map, keys.Select(key => new NftablesElement(key, null)), "delete nftables element");

    /// <summary>True when the message of a notification says that the `ip` table <paramref name="table"/> was deleted.</summary>
    internal static bool IsTableDeleted(ushort type, ReadOnlySpan<byte> body, string table)
    {
        if (type != ((Libc.NFNL_SUBSYS_NFTABLES << 8) | Libc.NFT_MSG_DELTABLE) || body.Length < 4 || body[0] != Libc.AF_INET)
            return false;
        for (var reader = new NetlinkReader(body[4..]); reader.Read();)
        {
            if (reader.Type == Libc.NFTA_TABLE_NAME)
                return reader.Text == table;
        }

        return false;
    }

    /// <summary>Asks the kernel whether the `ip` table is there.</summary>
    public static bool TableExists(NetlinkSocket socket, string table)
    {
        var request = new NetlinkWriter();
        request.Begin((Libc.NFNL_SUBSYS_NFTABLES << 8) | Libc.NFT_MSG_GETTABLE, Libc.NLM_F_ACK, Header((byte)Libc.AF_INET, 0), "find nftables table", table);
        request.Attribute(Libc.NFTA_TABLE_NAME, table);
        request.End();
        return socket.TryExecute(request) is not { } error ? true : error.Errno == Errno.ENOENT ? false : throw error.ToException();
    }

    private static void Elements(NetlinkWriter writer, ushort message, ushort flags, string table, string map, IEnumerable<NftablesElement> elements, string call)
    {
        writer.Begin((ushort)((Libc.NFNL_SUBSYS_NFTABLES << 8) | message), flags, Header((byte)Libc.AF_INET, 0), call, $"{table} {map}");
        writer.Attribute(Libc.NFTA_SET_ELEM_LIST_TABLE, table);
        writer.Attribute(Libc.NFTA_SET_ELEM_LIST_SET, map);
        var list = writer.BeginNest(Libc.NFTA_SET_ELEM_LIST_ELEMENTS);
        foreach (var (key, value) in elements)
        {
            var element = writer.BeginNest(Libc.NFTA_LIST_ELEM);
            Data(writer, Libc.NFTA_SET_ELEM_KEY, key);
            if (value is not null)
                Data(writer, Libc.NFTA_SET_ELEM_DATA, value);
            writer.EndNest(element);
        }

        writer.EndNest(list);
        writer.End();
    }

    private static void Data(NetlinkWriter writer, ushort type, byte[] bytes)
    {
        var nest = writer.BeginNest(type);
        writer.Attribute(Libc.NFTA_DATA_VALUE, bytes);
        writer.EndNest(nest);
    }

    private static void Boundary(NetlinkWriter writer, ushort type)
    {
        writer.Begin(type, 0, Header(0, Libc.NFNL_SUBSYS_NFTABLES), "nftables transaction");
        writer.End();
    }

    /// <summary>struct nfgenmsg: family, version, resource (big endian).</summary>
    private static byte[] Header(byte family, ushort resource) => [family, Libc.NFNETLINK_V0, (byte)(resource >> 8), (byte)resource];
}
