using Naru.Oci;

namespace Naru.Engine.Images;

/// <summary>An image as Docker counts them, by its config: the documents of one platform, and the names that point to it.</summary>
public sealed record LocalImage
{
    /// <summary>The config's digest.</summary>
    public required Digest Id { get; init; }

    /// <summary>The manifest's digest, and the target's that the first name points to (an index or the manifest itself).</summary>
    public required Digest Manifest { get; init; }
    public required Descriptor Target { get; init; }
    public required ImageManifest Document { get; init; }
    public required ImageConfig Config { get; init; }

    /// <summary>In the order of their full names. They may point to different targets: an image that was loaded and pulled has two manifests.</summary>
    public required IReadOnlyList<ImageName> Names { get; init; }

    /// <summary>The snapshots of its layers, lowest first.</summary>
    public IReadOnlyList<string> ChainIds
    {
        get
        {
            List<string> chain = [];
            Digest last = default;
            foreach (var diffId in Config.RootFs.DiffIds)
                chain.Add((last = Oci.ChainId.Next(last, diffId)).ToString());
            return chain;
        }
    }

    /// <summary>The topmost snapshot; empty without layers.</summary>
    public string ChainId => Config.RootFs.DiffIds.Count == 0 ? "" : Oci.ChainId.Of(Config.RootFs.DiffIds).ToString();

    /// <summary>Repositories with tags, as people write them.</summary>
    public IReadOnlyList<string> Tags => [.. Names.Where(name => name.Reference?.Tag is not null).Select(name => name.Reference!.Familiar)];

    /// <summary>Repositories with the digests by which registries know the image.</summary>
    public IReadOnlyList<string> Digests => [.. DigestReferences.Select(reference => reference.Familiar)];

    public IReadOnlyList<ImageReference> DigestReferences =>
        [.. Names.Select(name => name.DigestReference).OfType<ImageReference>().DistinctBy(reference => reference.ToString()).OrderBy(reference => reference.ToString(), StringComparer.Ordinal)];

    /// <summary>Tags and digests alike, as Docker's reference store would have them.</summary>
    public IReadOnlyList<ImageReference> References =>
        [.. Names.Where(name => name.Reference?.Tag is not null).Select(name => name.Reference!).Concat(DigestReferences).OrderBy(reference => reference.ToString(), StringComparer.Ordinal)];
}
