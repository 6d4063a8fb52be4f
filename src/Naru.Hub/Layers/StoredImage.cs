using Naru.Oci;

namespace Naru.Hub.Layers;

/// <summary>An image of a repository for one platform, as its files can be looked at.</summary>
/// <param name="Reference">The tag or digest that was asked for.</param>
/// <param name="Digest">Of the manifest.</param>
/// <param name="Config">Null where the config is no image's: for charts and other artifacts.</param>
public sealed record StoredImage(string Reference, Digest Digest, ImageManifest Manifest, ImageConfig? Config)
{
    /// <summary>Digests of the layers, lowest first.</summary>
    public IReadOnlyList<string> Layers { get; } = LayersOf(Manifest);

    private static List<string> LayersOf(ImageManifest manifest)
    {
        var layers = new List<string>();
        foreach (var layer in manifest.Layers)
            layers.Add(layer.Digest.ToString());
        return layers;
    }
}
