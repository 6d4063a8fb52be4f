using System.Buffers;
using Naru.Linux;

namespace Naru.Images;

/// <summary>Writes folders as tar: an overlay's upper folder as an OCI layer, or any folder as it is.</summary>
/// <remarks>The same files give the same bytes, in every version: a layer may be stored as its digest and its files alone.</remarks>
public static class LayerDiffer
{
    private static readonly byte[] OverlayOpaque = "trusted.overlay.opaque"u8.ToArray();

    /// <summary>Writes what an overlay's upper folder changes as a layer: whiteouts and opaque folders become the names of the OCI spec.</summary>
    /// <param name="upper">The upper folder; nothing may write to it meanwhile, else files may come out shorter or longer (padded, cut).</param>
    /// <param name="latest">Seconds since 1970: no entry is younger; null keeps their times.</param>
    public static void WriteLayer(string upper, Stream target, CancellationToken cancellation = default, long? latest = null)
    {
        using var tree = new TreeReader(upper);
        using var tar = new TarWriter(target);
        Write(tree, tree.Walk(), tar, static path => path, overlay: true, cancellation, latest: latest);
    }

    /// <summary>Writes a folder, or one file of it, as it is (docker export, docker cp).</summary>
    /// <param name="start">Path below <paramref name="folder"/>, empty for all of it.</param>
    /// <param name="rename">Gives each path its name in the archive; an empty one is left out.</param>
    public static void WriteTree(string folder, Stream target, byte[]? start = null, Func<byte[], byte[]>? rename = null, CancellationToken cancellation = default)
    {
        using var tree = new TreeReader(folder);
        using var tar = new TarWriter(target);
        Write(tree, tree.Walk(start), tar, rename ?? (static path => path), overlay: false, cancellation);
    }

    /// <summary>Adds a folder as it is to an archive that may hold others too.</summary>
    /// <param name="rename">As <see cref="WriteTree"/>'s.</param>
    /// <param name="time">Seconds since 1970 that all entries get; null keeps their own.</param>
    public static void AddTree(TarWriter tar, string folder, Func<byte[], byte[]> rename, long? time, CancellationToken cancellation)
    {
        using var tree = new TreeReader(folder);
        Write(tree, tree.Walk(), tar, rename, overlay: false, cancellation, time);
    }

    private static void Write(TreeReader tree, IEnumerable<TreeEntry> entries, TarWriter tar, Func<byte[], byte[]> rename, bool overlay, CancellationToken cancellation, long? time = null, long? latest = null)
    {
        var links = new Dictionary<(uint, uint, ulong), byte[]>();
        foreach (var entry in entries)
        {
            cancellation.ThrowIfCancellationRequested();
            var name = rename(entry.Path);
            if (name.Length == 0)
            {
                if (overlay && IsOpaque(entry))
                    tar.Add(Mark(Whiteouts.Opaque.ToArray()));
                continue;
            }

            if (overlay && entry.IsWhiteout)
            {
                tar.Add(Mark(Hide(name)));
                continue;
            }

            if (ToTar(entry, name, overlay) is not { } header)
                continue;
            if (latest is { } limit && header.Seconds >= limit)
                (header.Seconds, header.Nanoseconds) = (limit, 0);
            if (time is { } seconds)
                (header.Seconds, header.Nanoseconds) = (seconds, 0);
            if (entry.Kind == TreeEntryKind.File && entry.Links > 1 && !links.TryAdd(entry.Identity, name))
            {
                header.Type = TarEntryType.HardLink;
                header.LinkName = links[entry.Identity];
                header.Size = 0;
                header.Xattrs = [];
            }

            tar.Begin(header);
            if (header.Type == TarEntryType.File)
                Copy(tree, entry, tar);
            if (overlay && IsOpaque(entry))
                tar.Add(Mark([.. name, (byte)'/', .. Whiteouts.Opaque]));
        }
    }

    private static TarEntry? ToTar(TreeEntry entry, byte[] name, bool overlay)
    {
        TarEntryType? type = entry.Kind switch
        {
            TreeEntryKind.File => TarEntryType.File,
            TreeEntryKind.Directory => TarEntryType.Directory,
            TreeEntryKind.Symlink => TarEntryType.Symlink,
            TreeEntryKind.CharacterDevice => TarEntryType.CharacterDevice,
            TreeEntryKind.BlockDevice => TarEntryType.BlockDevice,
            TreeEntryKind.Fifo => TarEntryType.Fifo,
            // tar has no sockets; their makers create them anew (Docker leaves them out too).
            _ => null,
        };
        if (type is null)
            return null;
        return new TarEntry
        {
            Type = type.Value,
            Name = name,
            LinkName = entry.LinkTarget,
            Mode = entry.Metadata.Mode,
            Uid = entry.Metadata.Uid,
            Gid = entry.Metadata.Gid,
            Seconds = entry.Metadata.Seconds,
            Nanoseconds = entry.Metadata.Nanoseconds,
            Size = entry.Size,
            DeviceMajor = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice ? entry.DeviceMajor : 0,
            DeviceMinor = type is TarEntryType.CharacterDevice or TarEntryType.BlockDevice ? entry.DeviceMinor : 0,
            Xattrs = [.. entry.Xattrs.Where(x => Travels(x.Name, overlay))],
        };
    }

    /// <summary>File capabilities and user attributes travel with an image; overlayfs' own and the host's labels do not.</summary>
    private static bool Travels(byte[] name, bool overlay) =>
        name.AsSpan().SequenceEqual("security.capability"u8)
        || (name.AsSpan().StartsWith("user."u8) && !(overlay && name.AsSpan().StartsWith("user.overlay."u8)));

    private static void Copy(TreeReader tree, TreeEntry entry, TarWriter tar)
    {
        using var file = tree.Open(entry.Path);
        var buffer = ArrayPool<byte>.Shared.Rent(256 << 10);
        try
        {
            // The header's size is a promise: a file that grew is cut, one that shrank is filled with zeros.
            for (long offset = 0; offset < entry.Size;)
            {
                var wanted = (int)Math.Min(buffer.Length, entry.Size - offset);
                var read = RandomAccess.Read(file, buffer.AsSpan(0, wanted), offset);
                if (read == 0)
                {
                    buffer.AsSpan(0, wanted).Clear();
                    read = wanted;
                }

                tar.Write(buffer.AsSpan(0, read));
                offset += read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Hide(byte[] name)
    {
        var slash = Array.LastIndexOf(name, (byte)'/') + 1;
        return [.. name.AsSpan(0, slash), .. Whiteouts.Prefix, .. name.AsSpan(slash)];
    }

    /// <summary>A whiteout has neither owner nor time worth keeping: without them the same change has the same digest.</summary>
    private static TarEntry Mark(byte[] name) => new() { Name = name };

    private static bool IsOpaque(TreeEntry entry) =>
        entry.Kind == TreeEntryKind.Directory && entry.Xattrs.Any(x => x.Name.AsSpan().SequenceEqual(OverlayOpaque) && x.Value is [(byte)'y']);
}
