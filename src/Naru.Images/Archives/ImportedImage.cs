using Naru.Oci;

namespace Naru.Images;

/// <summary>An image that an archive held, now in the store: its manifest or index, and the names the archive gives it (none is possible).</summary>
public sealed record ImportedImage(Descriptor Target, IReadOnlyList<ImageReference> Names)
{
    /// <summary>Tags that the archive gives it without saying of which repository (an OCI layout's ref.name).</summary>
    public IReadOnlyList<string> BareTags { get; init; } = [];

    /// <summary>The images of an OCI layout's index, which lists one with several names once for each.</summary>
    public static IReadOnlyList<ImportedImage> AllOf(ImageIndex index) =>
        [.. from descriptor in index.Manifests group descriptor by descriptor.Digest into each select Of([.. each])];

    /// <summary>The entries of an index that stand for it: one for each name. The reverse of <see cref="AllOf"/>.</summary>
    public IEnumerable<Descriptor> Entries()
    {
        List<Descriptor> entries = [.. Names.Select(name => Entry(MediaTypes.ContainerdNameAnnotation, name.ToString())), .. BareTags.Select(tag => Entry(MediaTypes.RefNameAnnotation, tag))];
        return entries.Count == 0 ? [Target] : entries;
    }

    private Descriptor Entry(string annotation, string value) => Target with { Annotations = new Dictionary<string, string> { [annotation] = value } };

    private static ImportedImage Of(IReadOnlyList<Descriptor> entries) =>
        new(entries[0] with { Annotations = null }, [.. entries.Select(NameOf).OfType<ImageReference>().Distinct()]) { BareTags = [.. entries.Select(BareTag).OfType<string>().Distinct()] };

    private static string? BareTag(Descriptor descriptor) =>
        NameOf(descriptor) is null && descriptor.Annotations is { } annotations && annotations.TryGetValue(MediaTypes.RefNameAnnotation, out var tag) && tag.Length > 0 ? tag : null;

    private static ImageReference? NameOf(Descriptor descriptor)
    {
        if (descriptor.Annotations is not { } annotations)
            return null;
        if (annotations.TryGetValue(MediaTypes.ContainerdNameAnnotation, out var full) && ImageReference.TryParse(full, out var reference))
            return reference.WithDefaultTag();
        // Alone, this annotation is a tag without a repository; only a whole name can be used.
        return annotations.TryGetValue(MediaTypes.RefNameAnnotation, out var name) && name.AsSpan().ContainsAny(':', '/') && ImageReference.TryParse(name, out reference)
            ? reference.WithDefaultTag() : null;
    }
}
