using Naru.Base;

namespace Naru.Images;

/// <summary>Reads a tar archive from a stream, once, front to back: ustar, PAX, GNU long names and all sparse formats.</summary>
/// <remarks>
/// A reader of our own (docs/decisions/0010-own-tar-reader.md): names stay bytes, extended headers have a limit, and no entry costs a stream object.
/// Error texts are those of Go's archive/tar. Loop: <see cref="Next"/>, then <see cref="Read"/> until it gives 0; what is not read is skipped.
/// </remarks>
public sealed class TarReader(Stream stream)
{
    /// <summary>Longest extended header in bytes (Go's limit).</summary>
    private const int MaximumExtended = 1 << 20;

    private const int MaximumSparseParts = 1 << 20;

    private readonly byte[] block = new byte[TarHeader.BlockSize];
    private long remaining;
    private int padding;

    /// <summary>Bytes of the current entry's data that are stored in the archive and not read yet.</summary>
    public long Remaining => remaining;

    /// <summary>True for a block that begins a tar archive, by its magic or its checksum.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> start)
    {
        if (TarHeader.HasMagic(start))
            return true;
        try
        {
            return start.Length >= TarHeader.BlockSize && TarHeader.IsChecksumRight(start[..TarHeader.BlockSize]);
        }
        catch (NaruException)
        {
            return false;
        }
    }

    /// <summary>The next entry, null at the end of the archive.</summary>
    /// <exception cref="NaruException">InvalidArgument: not tar, damaged or cut off.</exception>
    public TarEntry? Next()
    {
        var pax = new PaxRecords();
        byte[]? longName = null, longLink = null;
        while (true)
        {
            Skip(remaining + padding);
            remaining = padding = 0;
            if (!ReadHeader())
                return null;
            var type = block[TarHeader.Type];
            var size = TarHeader.Number(block.AsSpan(TarHeader.Size));
            if (size < 0)
                throw Invalid();
            switch ((char)type)
            {
                case 'x':
                    pax.Parse(ReadExtended(size));
                    continue;
                case 'g':
                    // A global header's records would apply to all that follows; image tools write only comments there (git).
                    ReadExtended(size);
                    continue;
                case 'L':
                    longName = TarHeader.Text(ReadExtended(size)).ToArray();
                    continue;
                case 'K':
                    longLink = TarHeader.Text(ReadExtended(size)).ToArray();
                    continue;
            }

            var entry = Entry(pax, longName, longLink, size);
            if (entry is not null)
                return entry;
            pax = new PaxRecords();
            longName = longLink = null;
        }
    }

    /// <summary>Reads the stored bytes of the current entry: for a sparse file the parts that have data, one after the other.</summary>
    /// <returns>0 at the end of the entry.</returns>
    public int Read(Span<byte> buffer)
    {
        if (remaining == 0)
            return 0;
        var read = stream.Read(buffer[..(int)Math.Min(buffer.Length, remaining)]);
        if (read == 0)
            throw UnexpectedEnd();
        remaining -= read;
        return read;
    }

    /// <summary>As <see cref="Read"/>, without a copy where the stream has the bytes at hand; else through <paramref name="buffer"/>. Valid until the next read.</summary>
    internal ReadOnlySpan<byte> Take(Span<byte> buffer)
    {
        if (stream is not ReadAheadStream ahead)
            return buffer[..Read(buffer)];
        if (remaining == 0)
            return default;
        var bytes = ahead.Take((int)Math.Min(int.MaxValue, remaining));
        if (bytes.IsEmpty)
            throw UnexpectedEnd();
        remaining -= bytes.Length;
        return bytes;
    }

    /// <summary>The current entry's stored bytes, for entries that must be small.</summary>
    /// <exception cref="NaruException">InvalidArgument: larger than <paramref name="limit"/> bytes.</exception>
    public byte[] ReadAll(int limit)
    {
        if (remaining > limit)
            throw NaruException.Invalid($"archive entry is larger than {limit} bytes");
        var content = new byte[remaining];
        for (var offset = 0; offset < content.Length;)
            offset += Read(content.AsSpan(offset));
        return content;
    }

    private TarEntry? Entry(PaxRecords pax, byte[]? longName, byte[]? longLink, long size)
    {
        var header = block.AsSpan();
        var type = header[TarHeader.Type];
        var name = pax.Path ?? longName ?? HeaderName(header);
        var entry = new TarEntry
        {
            Name = name,
            LinkName = pax.LinkPath ?? longLink ?? TarHeader.Text(header[TarHeader.LinkName]).ToArray(),
            Mode = (uint)TarHeader.Number(header[TarHeader.Mode]) & 0xFFF,
            Uid = pax.Uid ?? TarHeader.Number(header[TarHeader.Uid]),
            Gid = pax.Gid ?? TarHeader.Number(header[TarHeader.Gid]),
            Seconds = pax.Seconds ?? TarHeader.Number(header[TarHeader.Time]),
            Nanoseconds = pax.Seconds is null ? 0 : pax.Nanoseconds,
            Xattrs = pax.Xattrs,
        };
        size = pax.Size ?? size;
        if (size < 0)
            throw Invalid();
        TarEntryType? known = (char)type switch
        {
            '0' or '\0' or '7' => name is [.., (byte)'/'] ? TarEntryType.Directory : TarEntryType.File,
            'S' => TarEntryType.File,
            >= '1' and <= '6' => (TarEntryType)type,
            _ => null,
        };

        // Links, nodes and directories have no data, whatever their header's size says (Go, GNU tar); files and unknown types do.
        remaining = known is null or TarEntryType.File ? size : 0;
        padding = (int)(-remaining & (TarHeader.BlockSize - 1));
        if (known is null)
            return null;
        entry.Type = known.Value;
        if (entry.Type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice)
        {
            entry.DeviceMajor = (uint)TarHeader.Number(header[TarHeader.Major]);
            entry.DeviceMinor = (uint)TarHeader.Number(header[TarHeader.Minor]);
        }

        if (entry.Type == TarEntryType.File)
        {
            entry.Size = remaining;
            ReadSparse(entry, pax, type == (byte)'S');
        }

        return entry;
    }

    private static byte[] HeaderName(ReadOnlySpan<byte> header)
    {
        var name = TarHeader.Text(header[TarHeader.Name]);
        // GNU's magic («ustar  ») means that the prefix field holds other things.
        if (!header[TarHeader.Magic].SequenceEqual("ustar\0"u8))
            return name.ToArray();
        var prefix = TarHeader.Text(header[TarHeader.Prefix]);
        return prefix.IsEmpty ? name.ToArray() : [.. prefix, (byte)'/', .. name];
    }

    private void ReadSparse(TarEntry entry, PaxRecords pax, bool oldGnu)
    {
        List<(long, long)> parts;
        if (oldGnu)
        {
            entry.Size = TarHeader.Number(block.AsSpan(483..495));
            parts = ReadOldSparse();
        }
        else if (pax.SparseMajor == 1)
        {
            entry.Name = pax.SparseName ?? entry.Name;
            entry.Size = pax.SparseSize ?? throw Invalid();
            parts = ReadSparseMap();
        }
        else if (pax.SparseParts is not null)
        {
            entry.Name = pax.SparseName ?? entry.Name;
            entry.Size = pax.SparseSize ?? throw Invalid();
            parts = pax.SparseParts;
        }
        else
        {
            return;
        }

        long end = 0, stored = 0;
        foreach (var (offset, length) in parts)
        {
            if (offset < end || length < 0 || offset > entry.Size || length > entry.Size - offset)
                throw Invalid();
            end = offset + length;
            stored += length;
        }

        if (stored != remaining)
            throw Invalid();
        entry.Sparse = parts;
    }

    private List<(long, long)> ReadOldSparse()
    {
        var parts = new List<(long, long)>();
        var count = 4;
        var start = 386;
        while (true)
        {
            for (var i = 0; i < count && block[start + (i * 24)] != 0; i++)
            {
                var part = block.AsSpan(start + (i * 24), 24);
                parts.Add((TarHeader.Number(part[..12]), TarHeader.Number(part[12..])));
            }

            if (block[start + (count * 24)] == 0)
                return parts;
            if (parts.Count > MaximumSparseParts)
                throw Invalid();
            if (stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) < block.Length)
                throw UnexpectedEnd();
            (start, count) = (0, 21);
        }
    }

    /// <summary>Sparse format 1.0: the map precedes the data, as lines of decimal numbers in whole blocks.</summary>
    private List<(long, long)> ReadSparseMap()
    {
        var line = new List<byte>();
        var position = TarHeader.BlockSize;
        var count = NextNumber();
        if (count is < 0 or > MaximumSparseParts)
            throw Invalid();
        var parts = new List<(long, long)>((int)Math.Min(count, 1024));
        for (; count > 0; count--)
            parts.Add((NextNumber(), NextNumber()));
        return parts;

        long NextNumber()
        {
            line.Clear();
            while (true)
            {
                if (position == TarHeader.BlockSize)
                {
                    for (var filled = 0; filled < TarHeader.BlockSize;)
                    {
                        var read = Read(block.AsSpan(filled));
                        filled += read > 0 ? read : throw Invalid();
                    }

                    position = 0;
                }

                var value = block[position++];
                if (value == (byte)'\n')
                    return TarHeader.Decimal(line.ToArray());
                if (line.Count > 20)
                    throw Invalid();
                line.Add(value);
            }
        }
    }

    private bool ReadHeader()
    {
        var read = stream.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        if (read == 0)
            return false;
        if (read < block.Length)
            throw UnexpectedEnd();
        if (!block.AsSpan().ContainsAnyExcept((byte)0))
        {
            // Two zero blocks end an archive; what follows is padding, read so that a digest over the stream is whole.
            Skip(long.MaxValue);
            return false;
        }

        return TarHeader.IsChecksumRight(block) ? true : throw Invalid();
    }

    private byte[] ReadExtended(long size)
    {
        if (size > MaximumExtended)
            throw NaruException.Invalid("archive/tar: header field too long");
        remaining = size;
        var content = ReadAll(MaximumExtended);
        Skip(-size & (TarHeader.BlockSize - 1));
        return content;
    }

    /// <summary>Passes over bytes; up to the end when asked for all there is.</summary>
    private void Skip(long count)
    {
        if (count == 0)
            return;
        if (count != long.MaxValue && stream.CanSeek)
        {
            if (stream.Length - stream.Position < count)
                throw UnexpectedEnd();
            stream.Seek(count, SeekOrigin.Current);
            return;
        }

        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(64 << 10);
        try
        {
            for (var left = count; left > 0;)
            {
                var read = stream.Read(buffer, 0, (int)Math.Min(buffer.Length, left));
                if (read == 0)
                {
                    if (count == long.MaxValue)
                        return;
                    throw UnexpectedEnd();
                }

                left -= read;
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static NaruException Invalid() => NaruException.Invalid("archive/tar: invalid tar header");

    private static NaruException UnexpectedEnd() => NaruException.Invalid("unexpected EOF");
}
