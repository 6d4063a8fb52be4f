using System.Text;
using Naru.Base;

namespace Naru.Hub.Layers;

/// <summary>An image's files, its layers laid one on the other. Layers are given by their digests, lowest first; a layer may be there twice.</summary>
/// <remarks>Who may see the layers is for the caller to know. A layer without an index counts as empty, and is named as unknown.</remarks>
public sealed class ImageTree(LayerIndexes indexes)
{
    public const int MostLayers = 512;

    private const int KeptSummaries = 32;

    // The most recent last. By the layers' digests: an image never changes.
    private readonly List<(string Layers, IReadOnlyList<LayerChanges> Changes)> summaries = [];

    // A walk through all layers takes a processor and some megabytes.
    private readonly SemaphoreSlim walking = new(2, 2);

    /// <summary>The children of a folder as they are seen from layer <paramref name="top"/>, and what that layer did to each: with
    /// <paramref name="own"/> those alone that it has to do with. Removed ones are there too.</summary>
    /// <param name="limit">How many children to look at; fewer may be given even when there are more.</param>
    /// <exception cref="NaruException">InvalidArgument: no such layer, or the path leads out of the root. Unavailable, FailedPrecondition: that layer has no index.</exception>
    public async ValueTask<ImageFolder> List(IReadOnlyList<string> layers, int top, string folder, bool own, string? after, int limit, CancellationToken cancel)
    {
        await CheckTop(layers, top, cancel);
        var (above, last) = LayerPaths.Split(folder);
        var path = LayerPaths.Join(above, last);
        var from = after is null ? null : Encoding.UTF8.GetBytes(after);
        var unknown = new List<int>();
        var parts = new List<FolderPart>();

        // All at once: a storage far away takes its time for each.
        var reading = new List<Task<FolderPart?>>();
        for (var i = 0; i <= top; i++)
            reading.Add(Part(layers[i], i, path, from, limit, cancel));
        byte[]? end = null;
        for (var i = 0; i <= top; i++)
        {
            if (await reading[i] is not { } part)
            {
                unknown.Add(i);
                continue;
            }

            // Behind the last name of a part that was cut off nothing is known.
            parts.Add(part);
            var name = part.Children.Count == limit ? part.Children[^1].RawName.ToArray() : null;
            if (name is not null && (end is null || name.AsSpan().SequenceCompareTo(end) < 0))
                end = name;
        }

        var merged = FolderPart.Merge(parts, top, end, own);
        return new ImageFolder(merged, end is null ? null : Encoding.UTF8.GetString(end), unknown);
    }

    /// <summary>All paths that hold <paramref name="text"/>, whatever its case, as they are seen from layer <paramref name="top"/>; sorted by folder, then name.</summary>
    /// <param name="own">Leave out what that layer has nothing to do with.</param>
    /// <param name="most">How many to find; the walk ends there.</param>
    /// <exception cref="NaruException">As <see cref="List"/>.</exception>
    public async ValueTask<IReadOnlyList<ImagePath>> Search(IReadOnlyList<string> layers, int top, string text, bool own, int most, CancellationToken cancel)
    {
        await CheckTop(layers, top, cancel);
        var walk = Walk(await Known([.. layers.Take(top + 1)], [], cancel));
        var found = new List<ImagePath>();
        await Alone(async () =>
        {
            while (found.Count < most && await walk.Next(cancel))
            {
                if ((walk.Seen ?? walk.Before) is not { } entry || !entry.Path.Contains(text, StringComparison.OrdinalIgnoreCase))
                    continue;
                var change = walk.Seen is null ? FolderChange.Removed : FolderPart.Change(walk.Seen, walk.Before, walk.Own);
                if (entry.Name.Length > 0 && !(own && change == FolderChange.None))
                    found.Add(new ImagePath(entry, walk.Layer, change, walk.Own, walk.Before));
            }
        }, cancel);
        return found;
    }

    /// <summary>What each layer does, in numbers. Kept for the images that were asked for last.</summary>
    /// <exception cref="NaruException">Unavailable, FailedPrecondition: a layer has no index, so the numbers of those above would be wrong.</exception>
    public async ValueTask<IReadOnlyList<LayerChanges>> Summarize(IReadOnlyList<string> layers, CancellationToken cancel)
    {
        var name = string.Join(' ', layers);
        lock (summaries)
        {
            var at = summaries.FindIndex(summary => summary.Layers == name);
            if (at >= 0)
                return summaries[at].Changes;
        }

        var open = new List<LayerIndex?>();
        foreach (var layer in layers)
            open.Add(await indexes.Use(layer, index => new ValueTask<LayerIndex>(index), cancel));
        var walk = Walk(open);
        await Alone(async () =>
        {
            while (await walk.Next(cancel))
            {
            }
        }, cancel);
        lock (summaries)
        {
            if (summaries.Count >= KeptSummaries)
                summaries.RemoveAt(0);
            summaries.Add((name, walk.Changes));
        }

        return walk.Changes;
    }

    /// <summary>Where two images differ.</summary>
    /// <param name="most">How many differences to give, the largest; all are counted.</param>
    public async ValueTask<ImageComparison> Compare(IReadOnlyList<string> from, IReadOnlyList<string> to, int most, CancellationToken cancel)
    {
        var unknown = new List<string>();
        var (left, right) = (Walk(await Known(from, unknown, cancel)), Walk(await Known(to, unknown, cancel)));
        var comparison = new ImageComparer(most);
        await Alone(() => comparison.Run(left, right, cancel), cancel);
        return comparison.Result(unknown);
    }

    private async ValueTask CheckTop(IReadOnlyList<string> layers, int top, CancellationToken cancel)
    {
        if (top < 0 || top >= layers.Count || layers.Count > MostLayers)
            throw NaruException.Invalid($"no layer {top}: the image has {layers.Count}");
        await indexes.Use(layers[top], index => new ValueTask<LayerIndex>(index), cancel);
    }

    private async Task<FolderPart?> Part(string layer, int place, byte[] folder, byte[]? from, int limit, CancellationToken cancel)
    {
        if (await indexes.Find(layer, cancel) is not { } index)
            return null;
        return new FolderPart(place, await Cuts(index, folder, cancel), await index.Children(folder, from, limit, cancel));
    }

    private static ImageWalk Walk(IReadOnlyList<LayerIndex?> layers) =>
        layers.Count <= MostLayers ? new ImageWalk(layers) : throw NaruException.Precondition($"an image of {layers.Count} layers, {MostLayers} at most");

    private async ValueTask Alone(Func<ValueTask> work, CancellationToken cancel)
    {
        await walking.WaitAsync(cancel);
        try
        {
            await work();
        }
        finally
        {
            walking.Release();
        }
    }

    private async ValueTask<List<LayerIndex?>> Known(IReadOnlyList<string> layers, List<string> unknown, CancellationToken cancel)
    {
        var open = new List<LayerIndex?>();
        foreach (var layer in layers)
        {
            open.Add(await indexes.Find(layer, cancel));
            if (open[^1] is null && !unknown.Contains(layer))
                unknown.Add(layer);
        }

        return open;
    }

    /// <summary>Whether a layer hides everything that those below have in a folder.</summary>
    private static async ValueTask<bool> Cuts(LayerIndex index, byte[] folder, CancellationToken cancel)
    {
        if (await index.Find([], [], cancel) is { Opaque: true })
            return true;
        for (var end = 0; end < folder.Length;)
        {
            var slash = end;
            var next = Array.IndexOf(folder, (byte)'/', end + (end > 0 ? 1 : 0));
            end = next < 0 ? folder.Length : next;
            var entry = await index.Find(folder[..slash], folder[(slash > 0 ? slash + 1 : 0)..end], cancel);
            if (entry is null)
                return false;
            if (ImageWalk.IsCut(entry, null))
                return true;
        }

        return false;
    }
}
