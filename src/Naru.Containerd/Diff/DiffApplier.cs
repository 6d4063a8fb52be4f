using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>Unpacks a layer from the content store onto a snapshot's mounts, without mounting: an overlay's upper folder takes the layer as it is.</summary>
public sealed class DiffApplier(ContentStore content)
{
    /// <summary>How long what was verified when it was stored is taken to be whole still.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <returns>The layer uncompressed: its digest is the diff id.</returns>
    /// <exception cref="NaruException">InvalidArgument: the mounts are not a snapshot's to write to.</exception>
    public Descriptor Apply(Scope scope, string digest, IReadOnlyList<SnapshotMount> mounts, bool sync, CancellationToken cancel)
    {
        var (folder, lower) = SnapshotLayers.Writable(mounts);
        using var layer = content.Open(scope, digest);
        var result = LayerApplier.Apply(layer, folder, new LayerApplyOptions { LowerFolders = lower, Verified = Verified(scope, digest) }, cancel);
        if (sync)
            LayerApplier.Sync(folder);
        content.Update(scope, digest, new Dictionary<string, string> { [ContentLabels.Uncompressed] = result.DiffId.ToString() }, ["labels." + ContentLabels.Uncompressed]);
        return new Descriptor { MediaType = MediaTypes.OciLayer, Digest = result.DiffId, Size = result.UncompressedSize };
    }

    /// <summary>The digest, when it need not be calculated again: stored just now, the file untouched since. An older blob may have been damaged.</summary>
    private Digest Verified(Scope scope, string digest)
    {
        var stored = content.Info(scope, digest).Created;
        return DateTime.UtcNow - stored < Fresh && File.GetLastWriteTimeUtc(content.BlobPath(scope, digest)) <= stored ? Digest.Parse(digest) : default;
    }
}
