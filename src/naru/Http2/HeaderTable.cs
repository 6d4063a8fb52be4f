namespace Naru.Cli.Http2;

/// <summary>HPACK's two tables as one list of indexes: 1 to 61 are static (RFC 7541, appendix A), then the dynamic one, newest first.</summary>
internal sealed class HeaderTable
{
    /// <summary>What an entry counts beyond its characters (section 4.1).</summary>
    private const int Overhead = 32;

    private static readonly string[] Static =
    [
        ":authority", "", ":method", "GET", ":method", "POST", ":path", "/", ":path", "/index.html", ":scheme", "http", ":scheme", "https",
        ":status", "200", ":status", "204", ":status", "206", ":status", "304", ":status", "400", ":status", "404", ":status", "500",
        "accept-charset", "", "accept-encoding", "gzip, deflate", "accept-language", "", "accept-ranges", "", "accept", "",
        "access-control-allow-origin", "", "age", "", "allow", "", "authorization", "", "cache-control", "", "content-disposition", "",
        "content-encoding", "", "content-language", "", "content-length", "", "content-location", "", "content-range", "", "content-type", "",
        "cookie", "", "date", "", "etag", "", "expect", "", "expires", "", "from", "", "host", "", "if-match", "", "if-modified-since", "",
        "if-none-match", "", "if-range", "", "if-unmodified-since", "", "last-modified", "", "link", "", "location", "", "max-forwards", "",
        "proxy-authenticate", "", "proxy-authorization", "", "range", "", "referer", "", "refresh", "", "retry-after", "", "server", "",
        "set-cookie", "", "strict-transport-security", "", "transfer-encoding", "", "user-agent", "", "vary", "", "via", "", "www-authenticate", "",
    ];

    private readonly int limit;
    private readonly List<HeaderField> dynamic = [];
    private int maximum;

    /// <param name="limit">The largest size that the other side may choose (our SETTINGS_HEADER_TABLE_SIZE).</param>
    public HeaderTable(int limit = 4096) => this.limit = maximum = limit;

    /// <summary>Octets of the dynamic table, as section 4.1 counts them.</summary>
    public int Size { get; private set; }

    public int Count => dynamic.Count;

    /// <exception cref="Http2Exception">There is no such index.</exception>
    public HeaderField this[int index]
    {
        get
        {
            const int StaticCount = 61;
            if (index is >= 1 and <= StaticCount)
                return new HeaderField(Static[2 * index - 2], Static[2 * index - 1]);
            // Newest first, and the newest stands last.
            var at = dynamic.Count - (index - StaticCount);
            return index > StaticCount && at >= 0 ? dynamic[at] : throw new Http2Exception(Http2Error.Compression, $"http2: no header has the index {index}");
        }
    }

    public void Add(HeaderField field)
    {
        var size = Cost(field);
        Evict(maximum - size);
        if (size > maximum)
            return;
        dynamic.Add(field);
        Size += size;
    }

    /// <exception cref="Http2Exception">More than was allowed.</exception>
    public void Resize(int size)
    {
        if (size > limit)
            throw new Http2Exception(Http2Error.Compression, $"http2: a header table of {size} bytes is over the limit of {limit}");
        maximum = size;
        Evict(size);
    }

    private void Evict(int size)
    {
        var gone = 0;
        for (; Size > Math.Max(0, size); gone++)
            Size -= Cost(dynamic[gone]);
        dynamic.RemoveRange(0, gone);
    }

    private static int Cost(HeaderField field) => field.Name.Length + field.Value.Length + Overhead;
}
