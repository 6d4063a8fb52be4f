using System.Buffers.Text;
using System.Text;
using Naru.Base;
using Naru.Linux;

namespace Naru.Images;

/// <summary>The records of a PAX extended header that mean something here; all others are passed over, as the format asks.</summary>
internal sealed class PaxRecords
{
    private static readonly byte[] XattrPrefix = "SCHILY.xattr."u8.ToArray();

    private readonly List<TreeXattr> xattrs = [];
    private long? pendingOffset;

    public byte[]? Path { get; private set; }

    public byte[]? LinkPath { get; private set; }

    public long? Size { get; private set; }

    public long? Uid { get; private set; }

    public long? Gid { get; private set; }

    public long? Seconds { get; private set; }

    public uint Nanoseconds { get; private set; }

    public IReadOnlyList<TreeXattr> Xattrs => xattrs;

    /// <summary>1 for the format whose map precedes the data.</summary>
    public long SparseMajor { get; private set; }

    public byte[]? SparseName { get; private set; }

    public long? SparseSize { get; private set; }

    /// <summary>The map of formats 0.0 and 0.1.</summary>
    public List<(long, long)>? SparseParts { get; private set; }

    /// <summary>Records are «LENGTH KEY=VALUE\n», LENGTH counting all of it.</summary>
    public void Parse(ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            if (!Utf8Parser.TryParse(content, out int length, out var digits) || length > content.Length || length < digits + 3
                || content[digits] != (byte)' ' || content[length - 1] != (byte)'\n')
                throw Invalid();
            var record = content[(digits + 1)..(length - 1)];
            content = content[length..];
            var equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                throw Invalid();
            Set(record[..equals], record[(equals + 1)..]);
        }
    }

    private void Set(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        if (key.StartsWith(XattrPrefix))
        {
            if (key.Length == XattrPrefix.Length || key.Contains((byte)0))
                throw Invalid();
            xattrs.Add(new TreeXattr(key[XattrPrefix.Length..].ToArray(), value.ToArray()));
            return;
        }

        switch (Encoding.ASCII.GetString(key))
        {
            case "path":
                Path = Name(value);
                break;
            case "linkpath":
                LinkPath = Name(value);
                break;
            case "size":
                Size = TarHeader.Decimal(value);
                break;
            case "uid":
                Uid = TarHeader.Decimal(value);
                break;
            case "gid":
                Gid = TarHeader.Decimal(value);
                break;
            case "mtime":
                SetTime(value);
                break;
            case "GNU.sparse.major":
                SparseMajor = TarHeader.Decimal(value);
                break;
            case "GNU.sparse.name":
                SparseName = Name(value);
                break;
            case "GNU.sparse.realsize" or "GNU.sparse.size":
                SparseSize = TarHeader.Decimal(value);
                break;
            case "GNU.sparse.offset":
                pendingOffset = TarHeader.Decimal(value);
                break;
            case "GNU.sparse.numbytes":
                (SparseParts ??= []).Add((pendingOffset ?? throw Invalid(), TarHeader.Decimal(value)));
                pendingOffset = null;
                break;
            case "GNU.sparse.map":
                SetMap(value);
                break;
        }
    }

    private void SetMap(ReadOnlySpan<byte> value)
    {
        SparseParts = [];
        long? offset = null;
        foreach (var range in value.Split((byte)','))
        {
            var number = TarHeader.Decimal(value[range]);
            if (offset is { } start)
                SparseParts.Add((start, number));
            offset = offset is null ? number : null;
        }

        if (offset is not null)
            throw Invalid();
    }

    /// <summary>Seconds with a decimal fraction of any length, perhaps negative.</summary>
    private void SetTime(ReadOnlySpan<byte> value)
    {
        var dot = value.IndexOf((byte)'.');
        var seconds = TarHeader.Decimal(dot < 0 ? value : value[..dot]);
        uint nanoseconds = 0;
        if (dot >= 0)
        {
            var fraction = value[(dot + 1)..];
            for (var i = 0; i < 9; i++)
            {
                var digit = i < fraction.Length ? fraction[i] : (byte)'0';
                nanoseconds = (nanoseconds * 10) + (uint)(char.IsAsciiDigit((char)digit) ? digit - '0' : throw Invalid());
            }
        }

        if (value is [(byte)'-', ..] && nanoseconds > 0)
            (seconds, nanoseconds) = (seconds - 1, 1_000_000_000 - nanoseconds);
        (Seconds, Nanoseconds) = (seconds, nanoseconds);
    }

    private static byte[] Name(ReadOnlySpan<byte> value) => value.Contains((byte)0) ? throw Invalid() : value.ToArray();

    private static NaruException Invalid() => NaruException.Invalid("archive/tar: invalid tar header");
}
