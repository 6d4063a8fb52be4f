using System.Globalization;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>The labels that tie an image's blobs together for the collector, and that say where they came from.</summary>
public static class ContentLabels
{
    public const string Uncompressed = "containerd.io/uncompressed";
    private const string Reference = "containerd.io/gc.ref.content";
    private const string Source = "containerd.io/distribution.source.";

    /// <summary>An index holds those of its manifests that are here.</summary>
    public static Dictionary<string, string> OfIndex(IEnumerable<Descriptor> manifests)
    {
        var labels = new Dictionary<string, string>();
        foreach (var manifest in manifests)
            labels[$"{Reference}.m.{labels.Count.ToString(CultureInfo.InvariantCulture)}"] = manifest.Digest.ToString();
        return labels;
    }

    /// <summary>A manifest holds its config and its layers.</summary>
    public static Dictionary<string, string> OfManifest(ImageManifest manifest)
    {
        var labels = new Dictionary<string, string> { [Reference + ".config"] = manifest.Config.Digest.ToString() };
        for (var i = 0; i < manifest.Layers.Count; i++)
            labels[$"{Reference}.l.{i.ToString(CultureInfo.InvariantCulture)}"] = manifest.Layers[i].Digest.ToString();
        return labels;
    }

    /// <summary>A config holds the uppermost snapshot of what was unpacked from it.</summary>
    public static Dictionary<string, string> OfConfig(Digest chainId) =>
        new() { ["containerd.io/gc.ref.snapshot." + OverlaySnapshotter.Name] = chainId.ToString() };

    /// <summary>Which repository has the blob, so that a push may mount it there.</summary>
    public static KeyValuePair<string, string> From(ImageReference reference) => new(Source + reference.Domain, reference.Path);

    /// <summary>The label with <paramref name="reference"/>'s repository as the latest of those that are known to have the blob.</summary>
    public static KeyValuePair<string, string> Also(IReadOnlyDictionary<string, string> labels, ImageReference reference) =>
        new(Source + reference.Domain, string.Join(',', [.. Repositories(labels, reference.Domain).Where(path => path != reference.Path), reference.Path]));

    /// <summary>Another repository than <paramref name="reference"/>'s that its registry has the blob in, the latest; null when none is known.</summary>
    public static string? Elsewhere(IReadOnlyDictionary<string, string> labels, ImageReference reference) =>
        Repositories(labels, reference.Domain).LastOrDefault(path => path != reference.Path);

    private static string[] Repositories(IReadOnlyDictionary<string, string> labels, string domain) =>
        labels.TryGetValue(Source + domain, out var paths) ? paths.Split(',') : [];
}
