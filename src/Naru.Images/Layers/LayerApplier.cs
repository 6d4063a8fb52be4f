using System.Text;
using Naru.Base;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Images;

/// <summary>Unpacks one layer into one folder, reading it once: decompressing and hashing on one thread, writing files on the caller's.</summary>
/// <remarks>
/// Nothing outside the folder can be reached, whatever the layer holds. After a failure the folder holds a part of the layer: the caller
/// removes it. Nothing is durable before <see cref="Sync"/>: one call does for all the layers of an image.
/// </remarks>
public static class LayerApplier
{
    /// <summary>Applies <paramref name="layer"/> (tar; plain, gzip or zstd, found by its first bytes) to <paramref name="folder"/>, which exists.</summary>
    /// <exception cref="NaruException">InvalidArgument: not a layer, or one that tries to leave the folder.</exception>
    /// <exception cref="LinuxException">The file system refused: no space, no permission.</exception>
    public static LayerApplyResult Apply(Stream layer, string folder, LayerApplyOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new LayerApplyOptions();
        var plain = Compressions.Open(layer, out var kind, leaveOpen: true);
        var known = kind == CompressionKind.None && !options.Verified.IsEmpty;
        using var tar = new ReadAheadStream(plain, cancellation, hashes: !known);
        using var tree = new TreeWriter(folder) { KeepKinds = options.KeepKinds };
        var limit = options.MaximumBytes ?? new DriveInfo(folder).AvailableFreeSpace;
        var session = new LayerSession(tree, options, limit);
        try
        {
            var reader = new TarReader(tar);
            while (reader.Next() is { } entry)
            {
                cancellation.ThrowIfCancellationRequested();
                session.Apply(reader, entry);
            }
        }
        catch (InvalidDataException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"failed to decompress layer: {e.Message}", e);
        }

        tree.TakeFromBelow(tree.Implied, options.LowerFolders);
        tree.Complete();
        var (hash, size) = tar.Finish();
        return new LayerApplyResult(known ? options.Verified : Digest.FromHash(hash), size, session.Written, tree.Implied);
    }

    /// <summary>Gives parents that a layer did not name the look of the layers below, once those are complete.</summary>
    /// <param name="folder">Where the layer was applied.</param>
    /// <param name="implied">What <see cref="LayerApplyResult.ImpliedFolders"/> said.</param>
    /// <param name="lowerFolders">The layers below, uppermost first.</param>
    public static void DressParents(string folder, IReadOnlyCollection<byte[]> implied, IReadOnlyList<string> lowerFolders)
    {
        if (implied.Count == 0 || lowerFolders.Count == 0)
            return;
        using var tree = new TreeWriter(folder);
        tree.TakeFromBelow(implied, lowerFolders);
        tree.Complete();
    }

    /// <summary>Makes all that was applied to <paramref name="folder"/>'s file system durable.</summary>
    public static void Sync(string folder) => TreeWriter.Sync(folder);
}
