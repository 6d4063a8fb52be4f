using Naru.Api;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;
using Naru.Engine.Events;
using Naru.Oci;

namespace Naru.Engine.Images;

/// <summary>Takes names from images, and images that nothing needs away, with Docker's answers.</summary>
public sealed class ImageRemover(ContainerdClient containerd, ImageStore images, ContainerStore containers, EventBus events)
{
    private readonly SemaphoreSlim one = new(1, 1);

    /// <summary>By name: that name goes, and the image with it if it was the last. By id: the image and all its names, if they are of one repository.</summary>
    /// <exception cref="NaruException">NotFound; Conflict: in use, or named in several repositories.</exception>
    public async Task<IReadOnlyList<ImageDeleteItem>> Remove(string reference, bool force, CancellationToken cancel)
    {
        await one.WaitAsync(cancel);
        try
        {
            var image = await images.Get(reference, cancel);
            List<ImageDeleteItem> done = [];
            if (ImageStore.IsIdPrefix(image, reference))
            {
                if (SingleRepository(image.References))
                {
                    Check(image, force, named: false);
                    foreach (var name in image.References)
                        Untagged(image, name, done);
                }
                else
                {
                    Check(image, force, named: true);
                }

                await Delete(image, done, cancel);
                return done;
            }

            var wanted = ImageReference.Parse(reference).WithDefaultTag();
            if (!force && SingleRepository(image.References) && containers.All.FirstOrDefault(Uses(image)) is { } user)
                throw NaruException.Conflict($"conflict: unable to remove repository reference \"{reference}\" (must force) - container {user.Id[..12]} is using its referenced image {image.Id.Hex[..12]}");
            var left = await Untag(image, wanted, done, cancel);
            if (left.References.Count == 0 && !containers.All.Any(container => Uses(image)(container) && (!force || container.State.IsRunning)))
                await Delete(left, done, cancel);
            return done;
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Removes images without a tag (or, unless <c>dangling</c>, all) that no container uses.</summary>
    public async Task<ImagesPruneReport> Prune(Filters filters, CancellationToken cancel)
    {
        var dangling = filters.Flag("dangling", true);
        var until = TimeFilter.Until(filters);
        List<ImageDeleteItem> gone = [];
        Dictionary<string, long> sizes = [];
        foreach (var image in await images.All(cancel))
        {
            var labels = image.Config.Config?.Labels;
            if ((dangling && image.Tags.Count > 0) || (until is { } last && image.Config.CreatedAt > last) || !filters.Labels("label", labels) || filters.Get("label!").Any(label => Filters.HasLabel(labels, label)))
                continue;
            var chain = image.ChainIds;
            for (var number = 0; number < chain.Count; number++)
                sizes[chain[number]] = await images.LayerSize(image, chain, number, cancel);
            foreach (var reference in image.References.Select(name => name.Familiar).DefaultIfEmpty(image.Id.Hex).ToList())
            {
                try
                {
                    gone.AddRange(await Remove(reference, force: false, cancel));
                }
                catch (NaruException e) when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
                {
                    // In use, or gone with a name before.
                }
            }
        }

        var freed = gone.Sum(item => item.Deleted is null ? 0 : sizes.GetValueOrDefault(item.Deleted));
        events.Publish("image", "prune", "", [new("reclaimed", freed.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        return new ImagesPruneReport { ImagesDeleted = gone.Count > 0 ? gone : null, SpaceReclaimed = freed };
    }

    private static Func<Container, bool> Uses(LocalImage image) => container => container.Record.ImageId == image.Id.ToString();

    /// <summary>One tag at most, and every digest of the same repository as it.</summary>
    private static bool SingleRepository(IReadOnlyList<ImageReference> references) =>
        references.Count(reference => reference.Tag is not null) <= 1 && references.Select(reference => reference.Name).Distinct().Count() <= 1;

    /// <exception cref="NaruException">Conflict, with Docker's reasons in Docker's order.</exception>
    private void Check(LocalImage image, bool force, bool named)
    {
        if (containers.All.FirstOrDefault(container => Uses(image)(container) && container.State.IsRunning) is { } running)
            throw Conflict(image, "cannot be forced", $"image is being used by running container {running.Id[..12]}");
        if (force)
            return;
        if (named && image.References.Count > 0)
            throw Conflict(image, "must be forced", "image is referenced in multiple repositories");
        if (containers.All.FirstOrDefault(Uses(image)) is { } stopped)
            throw Conflict(image, "must be forced", $"image is being used by stopped container {stopped.Id[..12]}");
    }

    private static NaruException Conflict(LocalImage image, string may, string reason) =>
        NaruException.Conflict($"conflict: unable to delete {image.Id.Hex[..12]} ({may}) - {reason}");

    /// <summary>Takes one name; with a repository's last tag go its digests.</summary>
    /// <returns>The image with what names it has left.</returns>
    private async Task<LocalImage> Untag(LocalImage image, ImageReference wanted, List<ImageDeleteItem> done, CancellationToken cancel)
    {
        var byDigest = !wanted.Digest.IsEmpty;
        var going = image.Names.Where(name => byDigest ? name.Reference?.Name == wanted.Name && name.Reference.Tag is null : name.Name == wanted.ToString()).ToList();
        var rest = image.Names.Except(going).ToList();
        Untagged(image, byDigest ? wanted.NameOnly().WithDigest(wanted.Digest) : wanted, done);
        if (byDigest)
        {
            // A digest that is known by a tagged name: the name stays, and forgets it.
            for (var number = 0; number < rest.Count; number++)
            {
                if (rest[number] is not { FromRegistry: true } known || known.Reference?.Name != wanted.Name)
                    continue;
                await containerd.PutImage(known.Name, ImageWriter.Wire(known.Target), null, cancel);
                rest[number] = known with { FromRegistry = false };
            }
        }
        else if (!rest.Exists(name => name.Reference?.Name == wanted.Name && name.Reference.Tag is not null))
        {
            foreach (var digest in image.DigestReferences.Where(reference => reference.Name == wanted.Name))
                Untagged(image, digest, done);
            going.AddRange(rest.Where(name => name.Reference?.Name == wanted.Name));
            rest = [.. rest.Except(going)];
        }

        var left = image with { Names = rest };
        if (rest.Count == 0)
        {
            // Something must hold the image until it is deleted, or for as long as containers use it.
            var keeper = new ImageName { Name = ImageName.Dangling(image.Target.Digest), Target = image.Target };
            await containerd.PutImage(keeper.Name, ImageWriter.Wire(keeper.Target), null, cancel);
            left = image with { Names = [keeper] };
        }

        foreach (var name in going)
            await containerd.DeleteImage(name.Name, sync: false, cancel);
        return left;
    }

    private void Untagged(LocalImage image, ImageReference name, List<ImageDeleteItem> done)
    {
        done.Add(new ImageDeleteItem { Untagged = name.Familiar });
        images.Announce("untag", image);
    }

    private async Task Delete(LocalImage image, List<ImageDeleteItem> done, CancellationToken cancel)
    {
        if (done.Count == 0)
        {
            foreach (var name in image.References)
                Untagged(image, name, done);
        }

        var held = (await images.All(cancel)).Where(other => other.Id != image.Id).SelectMany(other => other.ChainIds).ToHashSet();
        var chain = image.ChainIds;
        foreach (var container in containers.All)
        {
            for (var number = 0; number < chain.Count && chain.Skip(number).Contains(container.Record.ChainId); number++)
                held.Add(chain[number]);
        }

        foreach (var name in image.Names)
        {
            images.Forget(name.Target.Digest);
            await containerd.DeleteImage(name.Name, sync: name == image.Names[^1], cancel);
        }

        done.Add(new ImageDeleteItem { Deleted = image.Id.ToString() });
        images.Announce("delete", image with { Config = image.Config with { Config = null } });
        done.AddRange(chain.Reverse().Where(layer => !held.Contains(layer)).Select(layer => new ImageDeleteItem { Deleted = layer }));
    }
}
