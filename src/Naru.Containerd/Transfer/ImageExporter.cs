using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>One export: images of the store as one archive.</summary>
public sealed class ImageExporter(Scope scope, ContentStore content, ImageStore images, Action<TransferProgress> progress)
{
    /// <param name="names">The images; those with the same target share its entry.</param>
    /// <exception cref="NaruException">NotFound: an image, or content of it; InvalidArgument: a name that is no reference.</exception>
    public async Task Export(IReadOnlyList<string> names, Platform platform, Stream target, CancellationToken cancel)
    {
        progress(TransferProgress.Says("Exporting"));
        var exported = names.Select(name => images.Get(scope, name))
            .GroupBy(image => image.Target.Digest)
            .Select(group => new ExportedImage(Describe(group.First().Target), [.. group.Select(image => ImageReference.Parse(image.Name))]))
            .ToList();
        await new ArchiveExporter(new ContentBlobs(scope, content)).ExportAsync(exported, platform, target, cancel);
        progress(TransferProgress.Says("Completed export"));
    }

    private static Descriptor Describe(TargetDescriptor target) => new() { MediaType = target.MediaType, Digest = Digest.Parse(target.Digest), Size = target.Size };
}
