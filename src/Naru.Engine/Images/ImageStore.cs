using System.Collections.Concurrent;
using System.Globalization;
using Naru.Api;
using Naru.Base;
using Naru.Base.Units;
using Naru.Engine.Containerd;
using Naru.Engine.Events;
using Naru.Oci;

namespace Naru.Engine.Images;

/// <summary>The images that containerd holds, as Docker speaks of them: by name, id or digest.</summary>
public sealed class ImageStore(ContainerdClient containerd, EventBus events)
{
    private readonly ConcurrentDictionary<string, Documents> documents = new();
    private readonly ConcurrentDictionary<string, long> layerSizes = new();

    /// <summary>What a target stands for on this machine.</summary>
    private sealed record Documents(Digest Manifest, ImageManifest Document, ImageConfig Config);

    public async Task<IReadOnlyList<LocalImage>> All(CancellationToken cancel)
    {
        Dictionary<Digest, (Documents Documents, List<ImageName> Names)> found = [];
        foreach (var group in (await containerd.ListImages(cancel)).Where(image => !ImageName.IsLoading(image.Name)).Select(ImageName.Of).GroupBy(name => name.Target.Digest))
        {
            try
            {
                var read = await Read(group.First(), cancel);
                if (!found.TryGetValue(read.Document.Config.Digest, out var image))
                    found[read.Document.Config.Digest] = image = (read, []);
                image.Names.AddRange(group);
            }
            catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.InvalidArgument)
            {
                Log.Warn($"image {group.First().Name}: {e.Message}");
            }
        }

        return [.. found.Values.Select(image => Make(image.Documents, image.Names))];
    }

    /// <exception cref="NaruException">NotFound: <c>No such image: NAME</c>; InvalidArgument: no name.</exception>
    public async Task<LocalImage> Get(string reference, CancellationToken cancel)
    {
        var image = await Find(reference, cancel);
        return (await All(cancel)).FirstOrDefault(known => known.Id == image.Id) ?? image;
    }

    /// <summary>The images that have the name, with it: a bare repository stands for all of its tags. Sorted.</summary>
    public async Task<IReadOnlyList<NamedImage>> Named(ImageReference wanted, CancellationToken cancel) =>
        [.. from image in await All(cancel)
            from name in image.Names
            where name.Reference is { Tag: not null } known && known.Name == wanted.Name && (wanted.IsNameOnly || known == wanted)
            orderby name.Name
            select new NamedImage(image, name)];

    /// <summary>The image with no more of its names than the one it was found by: a container needs no others.</summary>
    /// <exception cref="NaruException">As <see cref="Get"/>.</exception>
    public async Task<LocalImage> Find(string reference, CancellationToken cancel)
    {
        if (IsWholeId(reference, out var id))
            return await ById(id.Hex, cancel) ?? throw NaruException.NotFound($"No such image: {id}");
        var name = ImageReference.Parse(reference).WithDefaultTag();
        if (name.Digest.IsEmpty && await containerd.TryImage(name.ToString(), cancel) is { } named)
        {
            var only = ImageName.Of(named);
            return Make(await Read(only, cancel), [only]);
        }

        if (!name.Digest.IsEmpty && (await All(cancel)).FirstOrDefault(image => Knows(image, name)) is { } known)
            return known;
        var prefix = reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference[7..] : reference;
        if (prefix.Length is >= 1 and < 64 && !prefix.AsSpan().ContainsAnyExcept("0123456789abcdef") && await ById(prefix, cancel) is { } image)
            return image;
        throw NaruException.NotFound($"No such image: {name.Familiar}");
    }

    /// <summary>True for <c>sha256:</c> and 64 digits, or the 64 digits alone.</summary>
    public static bool IsWholeId(string reference, out Digest id)
    {
        id = default;
        return ImageReference.IsIdentifier(reference) ? Digest.TryParse("sha256:" + reference, out id)
            : reference.StartsWith("sha256:", StringComparison.Ordinal) && Digest.TryParse(reference, out id);
    }

    /// <summary>True when <paramref name="reference"/> is how the id begins: no name was given, then.</summary>
    public static bool IsIdPrefix(LocalImage image, string reference) =>
        reference.Length > 0 && (image.Id.Hex.StartsWith(reference, StringComparison.Ordinal) || image.Id.ToString().StartsWith(reference, StringComparison.Ordinal));

    /// <summary>The bytes of an image's config, as they are stored.</summary>
    public Task<byte[]> Config(LocalImage image, CancellationToken cancel) => containerd.ReadContent(image.Id, cancel);

    /// <summary>Bytes of file data of all layers. A layer that is not unpacked here counts as it is stored.</summary>
    public async Task<long> Size(LocalImage image, CancellationToken cancel)
    {
        long total = 0;
        var chain = image.ChainIds;
        for (var number = 0; number < chain.Count; number++)
            total += await LayerSize(image, chain, number, cancel);
        return total;
    }

    public async Task<long> LayerSize(LocalImage image, IReadOnlyList<string> chain, int number, CancellationToken cancel)
    {
        if (layerSizes.TryGetValue(chain[number], out var size))
            return size;
        if (await containerd.TrySnapshotUsage(chain[number], cancel) is not { } usage)
            return number < image.Document.Layers.Count ? image.Document.Layers[number].Size : 0;
        layerSizes[chain[number]] = usage;
        return usage;
    }

    /// <exception cref="NaruException">InvalidArgument: no name that an image may have.</exception>
    public async Task Tag(string source, string repository, string tag, CancellationToken cancel)
    {
        var image = await Get(source, cancel);
        var name = ImageReference.Parse(repository);
        if (!name.Digest.IsEmpty)
            throw NaruException.Invalid("refusing to create a tag with a digest reference");
        if (tag.Length > 0)
            name = name.WithTag(tag);
        name = name.WithDefaultTag();
        if (name.FamiliarName == "sha256")
            throw NaruException.Invalid("refusing to create an ambiguous tag using digest algorithm as name");
        // The name is of the target that the source's name has, and keeps what a registry of the same repository knows.
        var from = image.Names.FirstOrDefault(known => ImageReference.TryParse(source, out var said) && known.Reference == said.WithDefaultTag()) ?? image.Names[0];
        await Name(image, name, from.Target, image.Names.Any(known => known.FromRegistry && known.Reference?.Name == name.Name && known.Target.Digest == from.Target.Digest), cancel);
    }

    /// <summary>Gives an image a name, taking it from another image, which is kept if it has no other.</summary>
    public async Task Name(LocalImage image, ImageReference name, Descriptor target, bool fromRegistry, CancellationToken cancel)
    {
        var labels = new Dictionary<string, string> { [ImageName.TaggedLabel] = GoTime.Nano(DateTimeOffset.UtcNow) };
        if (fromRegistry)
            labels[ImageName.FromRegistryLabel] = "true";
        await KeepNameless(name.ToString(), image.Id, cancel);
        await containerd.PutImage(name.ToString(), ImageWriter.Wire(target), labels, cancel);
        AnnounceTag(image, name);
    }

    /// <summary>Tells that an image was given a name.</summary>
    public void AnnounceTag(LocalImage image, ImageReference name) => Announce("tag", image, name.Familiar);

    /// <summary>Before a name goes to another image: the one that loses its only name stays, without any, as in Docker.</summary>
    public async Task KeepNameless(string name, Digest next, CancellationToken cancel)
    {
        if (await containerd.TryImage(name, cancel) is not { } taken)
            return;
        var holder = (await All(cancel)).FirstOrDefault(image => image.Names.Any(known => known.Name == name));
        if (holder is null || holder.Id == next || holder.Names.Count > 1)
            return;
        await containerd.PutImage(ImageName.Dangling(Digest.Parse(taken.Target.Digest)), taken.Target, null, cancel);
    }

    public async Task<IReadOnlyList<ImageHistoryItem>> History(string reference, CancellationToken cancel)
    {
        var image = await Get(reference, cancel);
        List<ImageHistoryItem> result = [];
        var chain = image.ChainIds;
        var layer = 0;
        foreach (var entry in image.Config.History ?? [])
        {
            result.Add(new ImageHistoryItem
            {
                Comment = entry.Comment ?? "",
                Created = DateTimeOffset.TryParse(entry.Created, CultureInfo.InvariantCulture, out var created) ? created.ToUnixTimeSeconds() : 0,
                CreatedBy = entry.CreatedBy ?? "",
                Id = "<missing>",
                Size = !entry.EmptyLayer && layer < chain.Count ? await LayerSize(image, chain, layer++, cancel) : 0,
            });
        }

        result.Reverse();
        if (result.Count > 0)
            result[0] = result[0] with { Id = image.Id.ToString(), Tags = image.Tags };
        return result;
    }

    /// <summary>An event of an image: its labels are the event's attributes.</summary>
    /// <param name="name">What the event calls the image; null for its id.</param>
    public void Announce(string action, LocalImage image, string? name = null, string? id = null)
    {
        var attributes = new Dictionary<string, string>(image.Config.Config?.Labels ?? new Dictionary<string, string>()) { ["name"] = name ?? image.Id.ToString() };
        events.Publish("image", action, id ?? image.Id.ToString(), attributes);
    }

    /// <summary>Forgets what was read of a target: a pull may have added another platform to it.</summary>
    public void Forget(Digest target) => documents.TryRemove(target.ToString(), out _);

    private static LocalImage Make(Documents read, IEnumerable<ImageName> names)
    {
        var sorted = names.OrderBy(name => name.Name, StringComparer.Ordinal).ToList();
        return new LocalImage { Id = read.Document.Config.Digest, Manifest = read.Manifest, Target = sorted[0].Target, Document = read.Document, Config = read.Config, Names = sorted };
    }

    private static bool Knows(LocalImage image, ImageReference name) =>
        image.DigestReferences.Any(known => known.Name == name.Name && known.Digest == name.Digest)
        || (image.Manifest == name.Digest && image.DigestReferences.Any(known => known.Name == name.Name));

    private async Task<LocalImage?> ById(string prefix, CancellationToken cancel)
    {
        var all = await All(cancel);
        var found = all.Where(image => image.Id.Hex.StartsWith(prefix, StringComparison.Ordinal)).ToList();
        return found.Count switch
        {
            1 => found[0],
            0 => all.FirstOrDefault(image => image.Manifest.Hex == prefix || image.Names.Any(name => name.Target.Digest.Hex == prefix)),
            _ => null,
        };
    }

    private async Task<Documents> Read(ImageName name, CancellationToken cancel)
    {
        if (documents.TryGetValue(name.Target.Digest.ToString(), out var found))
            return found;
        var manifest = MediaTypes.IsIndex(name.Target.MediaType) ? await Choose(name, cancel) : name.Target;
        var document = ImageManifest.Parse(await containerd.ReadContent(manifest.Digest, cancel), manifest.MediaType);
        var config = ImageConfig.Parse(await containerd.ReadContent(document.Config.Digest, cancel));
        return documents[name.Target.Digest.ToString()] = new Documents(manifest.Digest, document, config);
    }

    /// <summary>Of an index, the manifest that suits this machine best among those that are here.</summary>
    private async Task<Descriptor> Choose(ImageName name, CancellationToken cancel)
    {
        var index = ImageIndex.Parse(await containerd.ReadContent(name.Target.Digest, cancel), name.Target.MediaType);
        if (index.Select(Platform.Host) is { } best && await containerd.TryContentInfo(best.Digest, cancel) is not null)
            return best;
        foreach (var other in index.Manifests)
        {
            if (MediaTypes.IsManifest(other.MediaType) && other.Annotations?.ContainsKey(MediaTypes.ReferenceTypeAnnotation) != true && await containerd.TryContentInfo(other.Digest, cancel) is not null)
                return other;
        }

        throw NaruException.NotFound($"no manifest for {Platform.Host} is here");
    }
}
