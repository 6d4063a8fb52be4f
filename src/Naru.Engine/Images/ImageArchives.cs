using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Images;
using Naru.Oci;
using Wire = Naru.Rpc.Transfer;

namespace Naru.Engine.Images;

/// <summary><c>docker load</c> and <c>docker save</c>: image archives into and out of containerd.</summary>
public sealed class ImageArchives(ContainerdClient containerd, ImageWriter writer, ImageStore images, EnginePaths paths)
{
    /// <summary>Stores and unpacks every image of an archive; nothing is named before it is whole.</summary>
    /// <param name="quiet">Tells only what was loaded, not how far it is.</param>
    /// <exception cref="NaruException">InvalidArgument: no image archive, or a damaged one.</exception>
    public async Task Load(Stream archive, bool quiet, ProgressOutput output, CancellationToken cancel)
    {
        await using var lease = new LeaseScope(containerd, await containerd.CreateLease(cancel)) { Collects = true };
        foreach (var image in await Import(archive, quiet ? null : output, cancel))
            await Keep(image, output, cancel);
        lease.Collects = false;
    }

    /// <summary>Has containerd store and unpack what the archive holds; one that is not ours gets it blob by blob.</summary>
    private async Task<IReadOnlyList<ImportedImage>> Import(Stream archive, ProgressOutput? output, CancellationToken cancel)
    {
        // Which images there were, and under which names, is in the index that it makes; what becomes of the names is for us to say.
        var name = ImageName.Loading();
        var destination = new Wire.ImageStore { Name = name, Unpacks = { new Wire.UnpackConfiguration { Platform = ImageWriter.Wire(Platform.Host), Snapshotter = ContainerdClient.Snapshotter } } };
        if (!await containerd.TryImport(archive, Path.Combine(paths.Fifos(name), "archive"), destination, line => Tell(line, output), cancel))
            return await new ArchiveImporter(new ContentBlobs(containerd, output)).ImportAsync(archive, cancel);
        var index = await containerd.TryImage(name, cancel) ?? throw NaruException.NotFound($"image {name}: not found");
        var imported = ImportedImage.AllOf(ImageIndex.Parse(await containerd.ReadContent(Digest.Parse(index.Target.Digest), cancel)));
        await containerd.DeleteImage(name, sync: false, cancel);
        return imported;
    }

    private static void Tell(Wire.Progress line, ProgressOutput? output)
    {
        if (line is { Event: "loading", Desc: { } layer })
            output?.Step(Digest.Parse(layer.Digest).Hex[..12], "Loading layer", line.Progress_, line.Total);
    }

    /// <summary>Removes what loads left that an earlier engine did not finish.</summary>
    public async Task Sweep(CancellationToken cancel)
    {
        foreach (var image in await containerd.ListImages(cancel))
        {
            if (ImageName.IsLoading(image.Name))
                await containerd.DeleteImage(image.Name, sync: false, cancel);
        }
    }

    /// <summary>Writes the named images as one archive; a repository stands for all of its tags, an id for an image without names.</summary>
    /// <param name="platform">Only this platform's; null for all that are here.</param>
    /// <exception cref="NaruException">NotFound: there is no such image; nothing is written then.</exception>
    public async Task Save(IReadOnlyList<string> references, Platform? platform, Func<Task<Stream>> open, CancellationToken cancel)
    {
        // In the order they were asked for, each image once, with all of its names that were.
        List<ExportedImage> going = [];
        List<LocalImage> announced = [];
        foreach (var reference in references)
        {
            foreach (var found in await Find(reference, cancel))
            {
                var (image, target, name) = (found.Image, found.Name.Target, found.Name.Reference);
                if (platform is not null && !platform.Accepts(image.Config.Platform))
                    throw NaruException.NotFound($"image with reference {reference} was found but does not provide the specified platform ({platform})");
                var at = going.FindIndex(known => known.Target.Digest == target.Digest);
                if (at < 0)
                {
                    at = going.Count;
                    going.Add(new ExportedImage(target, []));
                    announced.Add(image);
                }

                if (name is not null && !going[at].Names.Contains(name))
                    going[at] = going[at] with { Names = [.. going[at].Names, name] };
            }
        }

        await new ArchiveExporter(new ContentBlobs(containerd, null)).ExportAsync(going, platform ?? Platform.Host, await open(), cancel);
        foreach (var image in announced)
            images.Announce("save", image);
    }

    private async Task<IReadOnlyList<NamedImage>> Find(string reference, CancellationToken cancel)
    {
        if (!ImageStore.IsWholeId(reference, out _) && ImageReference.TryParse(reference, out var parsed) && await images.Named(parsed, cancel) is { Count: > 0 } named)
            return named;

        try
        {
            var image = await images.Get(reference, cancel);
            return [new NamedImage(image, new ImageName { Name = "", Target = image.Target })];
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw NaruException.NotFound($"No such image: {reference}");
        }
    }

    /// <summary>An image whose blobs are stored: ties them together, unpacks it, names it.</summary>
    private async Task Keep(ImportedImage image, ProgressOutput output, CancellationToken cancel)
    {
        var manifest = await Manifest(image.Target, cancel);
        var document = ImageManifest.Parse(await containerd.ReadContent(manifest.Digest, cancel));
        var config = ImageConfig.Parse(await containerd.ReadContent(document.Config.Digest, cancel));
        await containerd.LabelContent(manifest.Digest, ImageWriter.Links(document), cancel);
        if (manifest.Digest != image.Target.Digest)
            await containerd.LabelContent(image.Target.Digest, new Dictionary<string, string> { ["containerd.io/gc.ref.content.m.0"] = manifest.Digest.ToString() }, cancel);
        await writer.Unpack(document, config.RootFs.DiffIds, cancel);
        images.Forget(image.Target.Digest);
        var id = document.Config.Digest;
        foreach (var name in image.Names)
        {
            if (await containerd.TryImage(name.ToString(), cancel) is not null && await images.Find(name.ToString(), cancel) is { } old && old.Id != id)
                output.Print($"The image {name.Familiar} already exists, renaming the old one with ID {old.Id} to empty string\n");
            await images.KeepNameless(name.ToString(), id, cancel);
            await containerd.PutImage(name.ToString(), ImageWriter.Wire(image.Target), null, cancel);
            output.Print($"Loaded image: {name.Familiar}\n");
        }

        if (image.Names.Count == 0)
        {
            await containerd.PutImage(ImageName.Dangling(image.Target.Digest), ImageWriter.Wire(image.Target), null, cancel);
            output.Print($"Loaded image ID: {id}\n");
        }

        images.Announce("load", await images.Get(id.ToString(), cancel));
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
