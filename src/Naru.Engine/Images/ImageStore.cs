using System.Collections.Concurrent;
using Naru.Api;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;
using Naru.Engine.Events;
using Naru.Oci;
using RpcImages = Naru.Rpc.Images;
using Types = Naru.Rpc.Types;

namespace Naru.Engine.Images;

/// <summary>The images that containerd holds, as Docker speaks of them: by name, id or digest.</summary>
public sealed class ImageStore(ContainerdClient containerd, ContainerStore containers, EventBus events)
{
    private readonly ConcurrentDictionary<string, (ImageManifest Document, Digest Manifest, ImageConfig Config)> documents = new();

    public async Task<IReadOnlyList<LocalImage>> All(CancellationToken cancel)
    {
        List<LocalImage> result = [];
        foreach (var group in (await containerd.ListImages(cancel)).GroupBy(image => image.Target.Digest))
        {
            try
            {
                result.Add(await Read(group.First(), [.. group.Select(image => image.Name)], cancel));
            }
            catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.InvalidArgument)
            {
                Log.Warn($"image {group.First().Name}: {e.Message}");
            }
        }

        return result;
    }

    /// <exception cref="NaruException">NotFound: <c>No such image: NAME</c>.</exception>
    public async Task<LocalImage> Get(string reference, CancellationToken cancel)
    {
        var wanted = reference.StartsWith("sha256:", StringComparison.Ordinal) ? reference[7..] : reference;
        if (!reference.StartsWith("sha256:", StringComparison.Ordinal) && ImageReference.TryParse(reference, out var parsed))
        {
            var full = parsed.WithDefaultTag().ToString();
            if (await containerd.TryImage(full, cancel) is { } named)
            {
                var target = named.Target.Digest;
                return await Read(named, [.. (await containerd.ListImages(cancel)).Where(image => image.Target.Digest == target).Select(image => image.Name)], cancel);
            }

            if (!parsed.Digest.IsEmpty)
            {
                foreach (var image in await All(cancel))
                {
                    if ((image.Target.Digest == parsed.Digest || image.Manifest == parsed.Digest) && image.Names.Any(name => name.StartsWith(parsed.Name + ":", StringComparison.Ordinal) || name.StartsWith(parsed.Name + "@", StringComparison.Ordinal)))
                        return image;
                }
            }
        }

        if (wanted.Length is >= 1 and <= 64 && !wanted.AsSpan().ContainsAnyExcept("0123456789abcdef"))
        {
            var found = (await All(cancel)).Where(image => image.Id.Hex.StartsWith(wanted, StringComparison.Ordinal) || image.Target.Digest.Hex == wanted || image.Manifest.Hex == wanted).ToList();
            if (found.Count > 0 && found.All(image => image.Id == found[0].Id))
                return found[0];
            if (found.Count > 1)
                throw NaruException.Invalid($"ambiguous reference: {reference}");
        }

        throw NaruException.NotFound($"No such image: {(ImageReference.TryParse(reference, out var shown) && !ImageReference.IsIdentifier(reference) && !reference.StartsWith("sha256:", StringComparison.Ordinal) ? shown.WithDefaultTag().Familiar : reference)}");
    }

    /// <summary>The bytes of an image's config, as they are stored.</summary>
    public Task<byte[]> Config(LocalImage image, CancellationToken cancel) => containerd.ReadContent(image.Id, cancel);

    public static IReadOnlyList<string> Tags(LocalImage image) =>
        [.. image.Names.Select(name => ImageReference.TryParse(name, out var parsed) && parsed.Tag is not null ? parsed.Familiar : null).OfType<string>().Order(StringComparer.Ordinal)];

    public static IReadOnlyList<string> Digests(LocalImage image) =>
        [.. image.Names.Select(name => ImageReference.TryParse(name, out var parsed) ? $"{parsed.FamiliarName}@{image.Target.Digest}" : null).OfType<string>().Distinct().Order(StringComparer.Ordinal)];

    public async Task<IReadOnlyList<ImageSummary>> List(Filters filters, CancellationToken cancel)
    {
        var used = containers.All.GroupBy(container => container.Record.ImageId).ToDictionary(group => group.Key, group => group.Count());
        List<ImageSummary> result = [];
        foreach (var image in await All(cancel))
        {
            var tags = Tags(image);
            if (!filters.Labels("label", image.Config.Config?.Labels) || (filters.Has("dangling") && filters.Flag("dangling", false) != (tags.Count == 0)))
                continue;
            if (filters.Has("reference"))
                tags = [.. tags.Where(tag => filters.Any("reference", pattern => Matches(pattern, tag)))];
            if (filters.Has("reference") && tags.Count == 0)
                continue;
            result.Add(new ImageSummary
            {
                Containers = used.GetValueOrDefault(image.Id.ToString()),
                Created = image.Config.CreatedAt?.ToUnixTimeSeconds() ?? 0,
                Id = image.Id.ToString(),
                Labels = image.Config.Config?.Labels is { } labels ? new SortedDictionary<string, string>(labels.ToDictionary(), StringComparer.Ordinal) : null,
                RepoDigests = Digests(image),
                RepoTags = tags,
                Size = image.Size,
            });
        }

        return [.. result.OrderByDescending(image => image.Created)];
    }

    public async Task Tag(string source, string repository, string tag, CancellationToken cancel)
    {
        var image = await Get(source, cancel);
        if (!ImageReference.TryParse(tag.Length > 0 ? $"{repository}:{tag}" : repository, out var name) || !name.Digest.IsEmpty)
            throw NaruException.Invalid("invalid reference format");
        await containerd.PutImage(name.WithDefaultTag().ToString(), new Types.ContentDescriptor { MediaType = image.Target.MediaType, Digest = image.Target.Digest.ToString(), Size = image.Target.Size }, cancel);
        Announce("tag", image.Id.ToString(), name.WithDefaultTag().Familiar);
    }

    public async Task<IReadOnlyList<ImageDeleteItem>> Remove(string reference, bool force, CancellationToken cancel)
    {
        var image = await Get(reference, cancel);
        var byName = !reference.StartsWith("sha256:", StringComparison.Ordinal) && ImageReference.TryParse(reference, out var parsed) && image.Names.Contains(parsed.WithDefaultTag().ToString())
            ? parsed.WithDefaultTag().ToString() : null;
        var users = containers.All.Where(container => container.Record.ImageId == image.Id.ToString()).ToList();
        List<ImageDeleteItem> result = [];
        if (byName is null && image.Names.Count > 1 && !force)
            throw NaruException.Conflict($"conflict: unable to delete {image.Id.Hex[..12]} (must be forced) - image is referenced in multiple repositories");
        var last = byName is null || image.Names.Count == 1;
        if (last && users.FirstOrDefault(container => container.State.IsRunning) is { } running)
            throw NaruException.Conflict($"conflict: unable to delete {Shown(reference, image, byName)} (cannot be forced) - image is being used by running container {running.Id[..12]}");
        if (last && !force && users.Count > 0)
            throw NaruException.Conflict($"conflict: unable to {(byName is null ? "delete" : "remove repository reference")} {(byName is null ? image.Id.Hex[..12] : $"\"{reference}\"")} (must {(byName is null ? "be forced) - image is being used by stopped container " + users[0].Id[..12] : $"force) - container {users[0].Id[..12]} is using its referenced image {image.Id.Hex[..12]}")}");
        foreach (var name in byName is null ? image.Names : [byName])
        {
            await containerd.DeleteImage(name, sync: last, cancel);
            result.Add(new ImageDeleteItem { Untagged = ImageReference.TryParse(name, out var shown) ? shown.Familiar : name });
            Announce("untag", image.Id.ToString(), null);
        }

        if (last)
        {
            documents.TryRemove(image.Target.Digest.ToString(), out _);
            result.Add(new ImageDeleteItem { Deleted = image.Id.ToString() });
            Announce("delete", image.Id.ToString(), null);
        }

        return result;
    }

    public async Task<ImagesPruneReport> Prune(Filters filters, CancellationToken cancel)
    {
        var dangling = filters.Flag("dangling", true);
        List<ImageDeleteItem> gone = [];
        long freed = 0;
        foreach (var image in await All(cancel))
        {
            if ((dangling && Tags(image).Count > 0) || containers.All.Any(container => container.Record.ImageId == image.Id.ToString()) || !filters.Labels("label", image.Config.Config?.Labels))
                continue;
            gone.AddRange(await Remove(image.Id.ToString(), force: true, cancel));
            freed += image.Size;
        }

        return new ImagesPruneReport { ImagesDeleted = gone.Count > 0 ? gone : null, SpaceReclaimed = freed };
    }

    public async Task<IReadOnlyList<ImageHistoryItem>> History(string reference, CancellationToken cancel)
    {
        var image = await Get(reference, cancel);
        List<ImageHistoryItem> result = [];
        var layer = 0;
        foreach (var entry in image.Config.History ?? [])
        {
            long size = 0;
            if (!entry.EmptyLayer && layer < image.Config.RootFs.DiffIds.Count)
                size = await containerd.SnapshotUsage(ChainId.Of(image.Config.RootFs.DiffIds.Take(++layer)).ToString(), cancel);
            result.Add(new ImageHistoryItem
            {
                Comment = entry.Comment ?? "",
                Created = DateTimeOffset.TryParse(entry.Created, System.Globalization.CultureInfo.InvariantCulture, out var created) ? created.ToUnixTimeSeconds() : 0,
                CreatedBy = entry.CreatedBy ?? "",
                Id = "<missing>",
                Size = size,
            });
        }

        result.Reverse();
        if (result.Count > 0)
            result[0] = result[0] with { Id = image.Id.ToString(), Tags = Tags(image) };
        return result;
    }

    public void Announce(string action, string id, string? name) => events.Publish("image", action, id, [new("name", name ?? id)]);

    /// <summary>Shell patterns of <c>reference=</c>: a repository, or a repository and tag.</summary>
    private static bool Matches(string pattern, string tag) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, tag, ignoreCase: false)
        || System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, tag.AsSpan(0, tag.LastIndexOf(':')), ignoreCase: false);

    private static string Shown(string reference, LocalImage image, string? byName) => byName is null ? image.Id.Hex[..12] : reference;

    private async Task<LocalImage> Read(RpcImages.Image image, IReadOnlyList<string> names, CancellationToken cancel)
    {
        var target = new Descriptor { MediaType = image.Target.MediaType, Digest = Digest.Parse(image.Target.Digest), Size = image.Target.Size };
        if (!documents.TryGetValue(image.Target.Digest, out var found))
        {
            var manifest = target;
            if (MediaTypes.IsIndex(target.MediaType))
            {
                var index = ImageIndex.Parse(await containerd.ReadContent(target.Digest, cancel), target.MediaType);
                manifest = index.Select(Platform.Host) ?? throw NaruException.NotFound($"image {image.Name}: no manifest for {Platform.Host}");
            }

            var document = ImageManifest.Parse(await containerd.ReadContent(manifest.Digest, cancel), manifest.MediaType);
            var config = ImageConfig.Parse(await containerd.ReadContent(document.Config.Digest, cancel));
            found = (document, manifest.Digest, config);
            documents[image.Target.Digest] = found;
        }

        return new LocalImage { Id = found.Document.Config.Digest, Manifest = found.Manifest, Target = target, Document = found.Document, Config = found.Config, Names = names };
    }
}
