using System.IO.Compression;
using System.Security.Cryptography;
using Naru.Base;
using Naru.Images;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>Makes a layer of what one snapshot has over another: the folder that the second lacks, as a tar in the content store.</summary>
/// <remarks>Uncompressed, and of files that will not change, it is not written before somebody reads it (<see cref="DerivedBlobs"/>).</remarks>
public sealed class DiffCreator(ContentStore content, OverlaySnapshotter snapshots)
{
    /// <param name="left">The mounts of the snapshot below; none, or an empty folder, for nothing.</param>
    /// <param name="right">The mounts of the snapshot that was changed.</param>
    /// <param name="mediaType">A layer's; empty for gzip.</param>
    /// <param name="reference">Names the write while it lasts; empty for one of its own.</param>
    /// <param name="latest">Seconds since 1970: no file is to be younger; null keeps their times.</param>
    /// <exception cref="NaruException">Unimplemented: the snapshots are further apart than one layer, or the media type is no layer's.</exception>
    public Descriptor Create(Scope scope, IReadOnlyList<SnapshotMount> left, IReadOnlyList<SnapshotMount> right, string mediaType, string reference,
        IReadOnlyDictionary<string, string> labels, long? latest, CancellationToken cancel)
    {
        var type = mediaType.Length > 0 ? mediaType : MediaTypes.OciLayerGzip;
        var changed = Changed(SnapshotLayers.Of(left), SnapshotLayers.Of(right));
        if (IsUncompressed(type) && changed is not null && snapshots.CommittedFolder(changed) is { } folder)
        {
            var made = content.Derive(scope, new LayerSource(folder, latest), labels, cancel);
            return new Descriptor { MediaType = type, Digest = Digest.Parse(made.Digest), Size = made.Size };
        }

        using var writer = content.OpenWriter(scope, reference.Length > 0 ? reference : $"diff-{Guid.NewGuid():N}", 0, string.Empty);
        writer.Truncate();
        try
        {
            var diffId = Write(changed, type, writer, latest, cancel);
            var digest = writer.Digest;
            var size = writer.Offset;
            Commit(scope, writer, new Dictionary<string, string>(labels) { [ContentLabels.Uncompressed] = diffId });
            return new Descriptor { MediaType = type, Digest = Digest.Parse(digest), Size = size };
        }
        catch
        {
            writer.Discard();
            throw;
        }
    }

    /// <summary>The folder of the one layer that is on the right only; null when both are the same.</summary>
    private static string? Changed(IReadOnlyList<string> left, IReadOnlyList<string> right)
    {
        if (left is [var only] && !Directory.EnumerateFileSystemEntries(only).Any())
            left = [];
        if (right.SequenceEqual(left))
            return null;
        if (right.Count == left.Count + 1 && right.Skip(1).SequenceEqual(left))
            return right[0];
        throw new NaruException(ErrorKind.Unimplemented, "diff of snapshots that are not one layer apart: not implemented");
    }

    /// <returns>The digest of the tar before compression: the diff id.</returns>
    private static string Write(string? folder, string mediaType, IngestWriter writer, long? latest, CancellationToken cancel)
    {
        var target = new IngestStream(writer);
        // What is stored as it is has been hashed on its way in.
        if (IsUncompressed(mediaType))
        {
            WriteTar(folder, target, latest, cancel);
            return writer.Digest;
        }

        using var sha = SHA256.Create();
        using (var compressed = Compress(target, mediaType))
        using (var tar = new CryptoStream(compressed, sha, CryptoStreamMode.Write))
            WriteTar(folder, tar, latest, cancel);
        return Digests.Prefix + Convert.ToHexStringLower(sha.Hash!);
    }

    private static bool IsUncompressed(string mediaType) => mediaType is MediaTypes.OciLayer or MediaTypes.DockerLayer;

    private static void WriteTar(string? folder, Stream tar, long? latest, CancellationToken cancel)
    {
        if (folder is not null)
            LayerDiffer.WriteLayer(folder, tar, cancel, latest);
        else
            tar.Write(new byte[EmptyTarSize]);
    }

    private static Stream Compress(Stream target, string mediaType) => mediaType switch
    {
        MediaTypes.OciLayerGzip or MediaTypes.DockerLayerGzip => new GZipStream(target, CompressionLevel.Optimal),
        MediaTypes.OciLayerZstd or MediaTypes.DockerLayerZstd => new ZstdStream(target, CompressionMode.Compress),
        _ => throw new NaruException(ErrorKind.Unimplemented, $"unsupported diff media type: {mediaType}: not implemented"),
    };

    /// <summary>The same change was stored before: then it only takes the labels.</summary>
    private void Commit(Scope scope, IngestWriter writer, Dictionary<string, string> labels)
    {
        var digest = writer.Digest;
        try
        {
            writer.Commit(0, string.Empty, labels);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            content.UpdateLabels(scope, digest, labels);
        }
    }

    /// <summary>Two blocks of zeros: the end of a tar that has no entry.</summary>
    private const int EmptyTarSize = 1024;
}
