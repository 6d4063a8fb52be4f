using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Images;
using Naru.Oci;

namespace Naru.Engine.Images;

/// <summary><c>docker load</c> and <c>docker save</c>: image archives into and out of containerd.</summary>
public sealed class ImageArchives(ContainerdClient containerd, ImageWriter writer, ImageStore images, EnginePaths paths)
{
    /// <summary>Stores and unpacks every image of an archive; nothing is named before it is whole.</summary>
    /// <returns>What <c>load</c> prints, a line an image: its name, or its id where it has none.</returns>
    /// <exception cref="NaruException">InvalidArgument: no image archive, or a damaged one.</exception>
    public async Task<IReadOnlyList<string>> Load(Stream archive, CancellationToken cancel)
    {
        var lease = await containerd.CreateLease(cancel);
        GrpcLease.Current = lease;
        try
        {
            var said = new List<string>();
            foreach (var image in await new ArchiveImporter(new ContentBlobs(containerd), paths.Temporary).ImportAsync(archive, cancel))
            {
                var manifest = await Manifest(image.Target, cancel);
                var document = ImageManifest.Parse(await containerd.ReadContent(manifest.Digest, cancel));
                var config = ImageConfig.Parse(await containerd.ReadContent(document.Config.Digest, cancel));
                await containerd.LabelContent(manifest.Digest, ImageWriter.Links(document), cancel);
                if (manifest.Digest != image.Target.Digest)
                    await containerd.LabelContent(image.Target.Digest, new Dictionary<string, string> { ["containerd.io/gc.ref.content.m.0"] = manifest.Digest.ToString() }, cancel);
                await writer.Unpack(document, config.RootFs.DiffIds, cancel);
                var names = image.Names.Select(name => name.ToString()).DefaultIfEmpty($"moby-dangling@{image.Target.Digest}").ToList();
                foreach (var name in names)
                    await containerd.PutImage(name, ImageWriter.Wire(image.Target), cancel);
                images.Announce("load", document.Config.Digest.ToString(), null);
                said.AddRange(image.Names.Count > 0
                    ? image.Names.Select(name => $"Loaded image: {name.Familiar}")
                    : [$"Loaded image ID: {document.Config.Digest}"]);
            }

            return said;
        }
        finally
        {
            GrpcLease.Current = null;
            await containerd.DeleteLease(lease, CancellationToken.None);
        }
    }

    /// <summary>Writes the named images as one archive; a name keeps its name, an id has none.</summary>
    /// <exception cref="NaruException">NotFound: there is no such image; nothing is written then.</exception>
    public async Task Save(IReadOnlyList<string> references, Func<Task<Stream>> open, CancellationToken cancel)
    {
        var exported = new List<ExportedImage>();
        foreach (var reference in references)
        {
            var image = await images.Get(reference, cancel);
            var name = ImageReference.TryParse(reference, out var parsed) ? parsed.WithDefaultTag() : null;
            exported.Add(new ExportedImage(image.Target, name is not null && image.Names.Contains(name.ToString()) ? [name] : []));
        }

        await new ArchiveExporter(new ContentBlobs(containerd)).ExportAsync(exported, Platform.Host, await open(), cancel);
    }

    /// <summary>Of an index, the manifest for this machine; a manifest is itself.</summary>
    private async Task<Descriptor> Manifest(Descriptor target, CancellationToken cancel)
    {
        if (!MediaTypes.IsIndex(target.MediaType))
            return target;
        return ImageIndex.Parse(await containerd.ReadContent(target.Digest, cancel)).Select(Platform.Host)
            ?? throw NaruException.NotFound($"no matching manifest for {Platform.Host} in the manifest list entries");
    }
}
