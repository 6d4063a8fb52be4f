using Naru.Api;
using Naru.Base;
using Naru.Engine.Containers;

namespace Naru.Engine.Images;

/// <summary>GET /images/json: filters, and what of each image is shown.</summary>
public sealed class ImageListing(ImageStore images, ContainerStore containers)
{
    /// <param name="shared">Also tells how many bytes each image has in common with others.</param>
    public async Task<IReadOnlyList<ImageSummary>> List(Filters filters, bool shared, CancellationToken cancel)
    {
        var dangling = filters.Flag("dangling", false);
        var before = filters.Has("before") ? await Created(filters.Get("before").First(), cancel) : (DateTimeOffset?)null;
        var since = filters.Has("since") ? await Created(filters.Get("since").First(), cancel) : (DateTimeOffset?)null;
        var until = TimeFilter.Until(filters);
        var all = await images.All(cancel);
        var used = containers.All.GroupBy(container => container.Record.ImageId).ToDictionary(group => group.Key, group => group.Count());
        List<(LocalImage Image, ImageSummary Summary)> result = [];
        foreach (var image in all)
        {
            var created = image.Config.CreatedAt ?? DateTimeOffset.MinValue;
            if ((before is { } end && created >= end) || (since is { } start && created <= start) || (until is { } last && created > last) || !filters.Labels("label", image.Config.Config?.Labels))
                continue;
            var (tags, digests) = Shown(image, filters);
            if (tags.Count + digests.Count == 0 ? filters.Has("reference") || (filters.Has("dangling") && !dangling) : dangling && tags.Count > 0)
                continue;
            result.Add((image, await Summary(image, tags, digests, used.GetValueOrDefault(image.Id.ToString()), cancel)));
        }

        if (shared)
        {
            var holders = all.SelectMany(image => image.ChainIds).GroupBy(chain => chain).ToDictionary(group => group.Key, group => group.Count());
            for (var number = 0; number < result.Count; number++)
                result[number] = (result[number].Image, result[number].Summary with { SharedSize = await Shared(result[number].Image, holders, cancel) });
        }

        return [.. result.Select(each => each.Summary).OrderByDescending(image => image.Created)];
    }

    private async Task<ImageSummary> Summary(LocalImage image, IReadOnlyList<string> tags, IReadOnlyList<string> digests, int used, CancellationToken cancel) => new()
    {
        Containers = used,
        Created = image.Config.CreatedAt?.ToUnixTimeSeconds() ?? 0,
        Id = image.Id.ToString(),
        Labels = image.Config.Config?.Labels is { } labels ? new SortedDictionary<string, string>(labels.ToDictionary(), StringComparer.Ordinal) : null,
        RepoDigests = digests,
        RepoTags = tags,
        Size = await images.Size(image, cancel),
    };

    /// <summary>Of an image's names those that <c>reference=</c> asks for.</summary>
    private static (IReadOnlyList<string> Tags, IReadOnlyList<string> Digests) Shown(LocalImage image, Filters filters)
    {
        if (!filters.Has("reference"))
            return (image.Tags, image.Digests);
        var found = image.References.Where(reference => filters.Any("reference", pattern => PathPattern.Matches(pattern, reference.Familiar) || PathPattern.Matches(pattern, reference.FamiliarName))).ToList();
        return ([.. found.Where(reference => reference.Tag is not null).Select(reference => reference.Familiar)], [.. found.Where(reference => reference.Tag is null).Select(reference => reference.Familiar)]);
    }

    private async Task<long> Shared(LocalImage image, Dictionary<string, int> holders, CancellationToken cancel)
    {
        long total = 0;
        var chain = image.ChainIds;
        for (var number = 0; number < chain.Count; number++)
        {
            if (holders[chain[number]] > 1)
                total += await images.LayerSize(image, chain, number, cancel);
        }

        return total;
    }

    private async Task<DateTimeOffset> Created(string reference, CancellationToken cancel) =>
        (await images.Find(reference, cancel)).Config.CreatedAt ?? DateTimeOffset.MinValue;
}
