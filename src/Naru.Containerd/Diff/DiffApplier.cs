using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>Unpacks a layer from the content store onto a snapshot's mounts, without mounting: an overlay's upper folder takes the layer as it is.</summary>
public sealed class DiffApplier(ContentStore content)
{
    /// <returns>The layer uncompressed: its digest is the diff id.</returns>
    /// <exception cref="NaruException">InvalidArgument: the mounts are not a snapshot's to write to.</exception>
    public Descriptor Apply(Scope scope, string digest, IReadOnlyList<SnapshotMount> mounts, bool sync, CancellationToken cancel)
    {
        var (folder, lower) = SnapshotLayers.Writable(mounts);
        using var layer = content.Open(scope, digest);
        var result = LayerApplier.Apply(layer, folder, new LayerApplyOptions { LowerFolders = lower, Verified = Oci.Digest.Parse(digest) }, cancel);
        if (sync)
            LayerApplier.Sync(folder);
        content.Update(scope, digest, new Dictionary<string, string> { [ContentLabels.Uncompressed] = result.DiffId.ToString() }, ["labels." + ContentLabels.Uncompressed]);
        return new Descriptor { MediaType = MediaTypes.OciLayer, Digest = result.DiffId, Size = result.UncompressedSize };
    }
}
