using System.Buffers.Binary;
using System.IO.Compression;
using Naru.Base;
using Naru.Images;

namespace Naru.Hub.Layers;

/// <summary>The file that an index is: made once, read in parts.</summary>
/// <remarks>
/// <code>
/// ┌─────────────┬──────────────────────────────────────────────────────────────────────────┐
/// │ header      │ 64 bytes, little-endian:                                                 │
/// │             │   0 «naru.ix\n»   8 version u16   10 compression of the layer u8         │
/// │             │  12 entries u32  16 pages u32  20 checkpoints u32                        │
/// │             │  24 bytes of the layer u64  32 bytes of it uncompressed u64              │
/// │             │  40 directory u32, 44 raw  48 checkpoint table u32, 52 raw  56 pages u64 │
/// ├─────────────┼──────────────────────────────────────────────────────────────────────────┤
/// │ directory   │ a page: length, length raw, entries, first key (shared, rest)            │
/// ├─────────────┼──────────────────────────────────────────────────────────────────────────┤
/// │ checkpoints │ one each: input and output since the one before, a byte (bits, block     │
/// │             │ from bit 3 on), the window's length, its length raw; length 0: a gzip    │
/// │             │ member or a zstd frame begins here                                       │
/// ├─────────────┼──────────────────────────────────────────────────────────────────────────┤
/// │ pages       │ 16 kB raw each: entries sorted by key = folder 0 name; a key as the      │
/// │             │ length it shares with the one before and the rest, then what it is       │
/// ├─────────────┼──────────────────────────────────────────────────────────────────────────┤
/// │ windows     │ of the checkpoints, in their order                                       │
/// └─────────────┴──────────────────────────────────────────────────────────────────────────┘
/// </code>
/// All but the header is numbers as in <see cref="PackedWriter"/>; directory, checkpoint table, each page and each window are zlib streams, whose checksums
/// find damage. A folder costs two reads: header with directory, then the pages that its key leads to; a file one more, from the checkpoint before it.
/// An index of another version, or a damaged one, is thrown away and made again: the layer has everything.
/// </remarks>
internal static class LayerIndexFormat
{
    public const ushort Version = 1;
    public const int HeaderSize = 64;
    public const int PageSize = 16 << 10;

    /// <summary>The most that any one part may be when unpacked, whatever a file says.</summary>
    public const int MostRaw = 64 << 20;

    private const byte IsOpaque = 1, DoesHide = 2, IsImplied = 4, HasHash = 8, IsSparse = 16, HasBytes = 32;

    public static ReadOnlySpan<byte> Magic => "naru.ix\n"u8;

    public static NaruException Damaged() => new(ErrorKind.Internal, "layer index: damaged");

    public static byte[] Header(LayerIndexHeader header)
    {
        var bytes = new byte[HeaderSize];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), Version);
        bytes[10] = (byte)header.Compression;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), header.Entries);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), header.Pages);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), header.Checkpoints);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), header.LayerSize);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(32), header.RawSize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), header.Directory);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(44), header.DirectoryRaw);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(48), header.Table);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(52), header.TableRaw);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), header.PagesLength);
        return bytes;
    }

    /// <exception cref="NaruException">Internal: no index, another version, damaged.</exception>
    public static LayerIndexHeader Header(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize || !bytes.StartsWith(Magic))
            throw Damaged();
        var version = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if (version != Version)
            throw new NaruException(ErrorKind.Internal, $"layer index: of version {version}, this program knows {Version}");
        return new LayerIndexHeader(
            (CompressionKind)bytes[10],
            BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[40..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[44..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[52..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]));
    }

    /// <summary>What an entry is, but for its key.</summary>
    public static void Write(PackedWriter writer, LayerEntry entry)
    {
        var hasBytes = entry.IsReadable;
        var flags = (entry.Opaque ? IsOpaque : 0) | (entry.Hides ? DoesHide : 0) | (entry.Implied ? IsImplied : 0)
            | (entry.Sha256 is null ? 0 : HasHash) | (entry.Sparse is null ? 0 : IsSparse) | (hasBytes ? HasBytes : 0);
        writer.Byte((byte)entry.Kind);
        writer.Byte((byte)flags);
        writer.Number(entry.Mode);
        writer.Signed(entry.Uid);
        writer.Signed(entry.Gid);
        writer.Signed(entry.Modified);
        if (entry.Kind is LayerEntryKind.HardLink or LayerEntryKind.Symlink)
            writer.Text(entry.RawTarget);
        if (entry.Kind is LayerEntryKind.CharacterDevice or LayerEntryKind.BlockDevice)
        {
            writer.Number(entry.DeviceMajor);
            writer.Number(entry.DeviceMinor);
        }

        if (entry.Kind is LayerEntryKind.File or LayerEntryKind.HardLink or LayerEntryKind.Directory)
            writer.Number(entry.Size);
        if (entry.Kind == LayerEntryKind.Directory)
            writer.Number(entry.Below);
        if (hasBytes)
            writer.Number(entry.Offset);
        writer.Bytes(entry.Sha256);
        if (entry.Sparse is not { } sparse)
            return;
        writer.Number(sparse.Count);
        long end = 0;
        foreach (var (offset, length) in sparse)
        {
            writer.Number(offset - end);
            writer.Number(length);
            end = offset + length;
        }
    }

    public static LayerEntry Read(ref PackedReader reader, byte[] key, int split)
    {
        var kind = (LayerEntryKind)reader.Byte();
        var flags = reader.Byte();
        var entry = new LayerEntry
        {
            Key = key,
            Split = split,
            Kind = kind,
            Opaque = (flags & IsOpaque) != 0,
            Hides = (flags & DoesHide) != 0,
            Implied = (flags & IsImplied) != 0,
            Mode = (uint)reader.Number(),
            Uid = reader.Signed(),
            Gid = reader.Signed(),
            Modified = reader.Signed(),
        };
        if (kind is LayerEntryKind.HardLink or LayerEntryKind.Symlink)
            entry.RawTarget = reader.Text().ToArray();
        if (kind is LayerEntryKind.CharacterDevice or LayerEntryKind.BlockDevice)
            (entry.DeviceMajor, entry.DeviceMinor) = ((uint)reader.Number(), (uint)reader.Number());
        if (kind is LayerEntryKind.File or LayerEntryKind.HardLink or LayerEntryKind.Directory)
            entry.Size = reader.Number();
        if (kind == LayerEntryKind.Directory)
            entry.Below = reader.Number();
        entry.Offset = (flags & HasBytes) != 0 ? reader.Number() : -1;
        if ((flags & HasHash) != 0)
            entry.Sha256 = reader.Bytes(32).ToArray();
        if ((flags & IsSparse) != 0)
            entry.Sparse = ReadSparse(ref reader);
        return entry;
    }

    public static byte[] Pack(ReadOnlySpan<byte> raw)
    {
        var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
            zlib.Write(raw);
        return packed.ToArray();
    }

    /// <exception cref="NaruException">Internal: damaged.</exception>
    public static byte[] Unpack(byte[] packed, int offset, int length, int rawLength)
    {
        if (rawLength is < 0 or > MostRaw || offset < 0 || length < 0 || offset > packed.Length - length)
            throw Damaged();
        try
        {
            var raw = new byte[rawLength];
            using var zlib = new ZLibStream(new MemoryStream(packed, offset, length), CompressionMode.Decompress);
            // The checksum comes with the end: so one byte more is asked for.
            if (zlib.ReadAtLeast(raw, rawLength, throwOnEndOfStream: false) < rawLength || zlib.ReadByte() >= 0)
                throw Damaged();
            return raw;
        }
        catch (InvalidDataException e)
        {
            throw new NaruException(ErrorKind.Internal, "layer index: damaged", e);
        }
    }

    private static List<(long Offset, long Length)> ReadSparse(ref PackedReader reader)
    {
        var parts = new List<(long Offset, long Length)>();
        long end = 0;
        for (var count = reader.Count(); count > 0; count--)
        {
            var offset = end + reader.Number();
            var length = reader.Number();
            parts.Add((offset, length));
            end = offset + length;
        }

        return parts;
    }
}
