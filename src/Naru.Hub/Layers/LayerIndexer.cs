using System.Security.Cryptography;
using Naru.Base;
using Naru.Images;

namespace Naru.Hub.Layers;

/// <summary>Reads a layer once, front to back, and makes its index.</summary>
internal static class LayerIndexer
{
    /// <summary>A file with more parts than this between its holes is listed, but cannot be read alone.</summary>
    private const int MostSparseParts = 4096;

    /// <summary>The parts of the index, to be written one after the other.</summary>
    /// <param name="blob">The layer, plain or compressed; read on this thread, and left open.</param>
    /// <param name="size">How many bytes it has.</param>
    /// <exception cref="NaruException">InvalidArgument: no layer, a hostile one or too large a one; the same will happen the next time.</exception>
    /// <exception cref="InvalidDataException">Damaged; so too.</exception>
    public static List<byte[]> Build(Stream blob, long size, LayerIndexLimits limits, CancellationToken cancel)
    {
        var checkpoints = new LayerCheckpoints(limits);
        var builder = new LayerIndexBuilder(limits);
        using var input = new LayerInput(blob, limits, checkpoints, cancel);
        Scan(input, builder);
        if (input.Compression == CompressionKind.None && input.Total != size)
            throw NaruException.Invalid($"{input.Total} bytes of {size}");
        var packer = new LayerIndexPacker();
        foreach (var entry in builder.Finish())
            packer.Add(entry);
        return packer.Finish(checkpoints, input.Compression, size, input.Total);
    }

    private static void Scan(LayerInput input, LayerIndexBuilder builder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[64 << 10];
        var reader = new TarReader(input);
        while (reader.Next() is { } tar)
        {
            byte[] path = EntryNames.Clean(tar.Name);
            var slash = Array.LastIndexOf(path, (byte)'/');
            var name = path.AsSpan(slash + 1);
            var folder = path.AsSpan(0, Math.Max(slash, 0));
            if (!name.StartsWith(Whiteouts.Prefix))
                builder.Add(path, Entry(tar, reader, input.Position, hash, buffer));
            else if (name.SequenceEqual(Whiteouts.Opaque))
                builder.AddOpaque(folder);
            else if (!Whiteouts.IsMetadata(name))
                builder.Add([.. path.AsSpan(0, slash + 1), .. Whiteouts.Hidden(name)], new LayerEntry { Kind = LayerEntryKind.Whiteout, Modified = tar.Seconds });
        }
    }

    private static LayerEntry Entry(TarEntry tar, TarReader reader, long position, IncrementalHash hash, byte[] buffer)
    {
        var entry = new LayerEntry
        {
            Kind = KindOf(tar.Type),
            Mode = tar.Mode,
            Uid = tar.Uid,
            Gid = tar.Gid,
            Modified = tar.Seconds,
            DeviceMajor = tar.DeviceMajor,
            DeviceMinor = tar.DeviceMinor,
        };
        if (entry.Kind == LayerEntryKind.Symlink)
            entry.RawTarget = tar.LinkName;
        if (entry.Kind == LayerEntryKind.HardLink)
            entry.RawTarget = EntryNames.Clean(tar.LinkName);
        if (entry.Kind != LayerEntryKind.File)
            return entry;
        entry.Size = tar.Size;
        entry.Offset = tar.Sparse?.Count > MostSparseParts ? -1 : position;
        entry.Sparse = tar.Sparse?.Count > MostSparseParts ? null : tar.Sparse;
        for (int read; tar.Sparse is null && (read = reader.Read(buffer)) > 0;)
            hash.AppendData(buffer, 0, read);
        if (tar.Sparse is null && tar.Size > 0)
            entry.Sha256 = hash.GetHashAndReset();
        return entry;
    }

    private static LayerEntryKind KindOf(TarEntryType type) => type switch
    {
        TarEntryType.HardLink => LayerEntryKind.HardLink,
        TarEntryType.Symlink => LayerEntryKind.Symlink,
        TarEntryType.CharacterDevice => LayerEntryKind.CharacterDevice,
        TarEntryType.BlockDevice => LayerEntryKind.BlockDevice,
        TarEntryType.Directory => LayerEntryKind.Directory,
        TarEntryType.Fifo => LayerEntryKind.Fifo,
        _ => LayerEntryKind.File,
    };
}
