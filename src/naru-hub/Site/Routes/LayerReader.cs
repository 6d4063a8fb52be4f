using Naru.Base;
using Naru.Hub.Catalogue;
using Naru.Hub.Layers;
using Naru.HubServer.Site.Models;
using Naru.Oci;

namespace Naru.HubServer.Site.Routes;

/// <summary>Layers as pages show them: how each was made and what it does to the files of those below.</summary>
internal sealed class LayerReader(ImageTree tree)
{
    private const int MostEntries = 500;
    private const int MostDifferences = 500;

    public static bool Holds(ImageDetails image, string digest) => Place(image, digest) >= 0;

    /// <summary>The steps of an image, the first one first, with how many files each layer adds, changes and hides where that is known.</summary>
    public async ValueTask<List<LayerRow>> Steps(ImageDetails image, CancellationToken cancel)
    {
        IReadOnlyList<LayerChanges>? changes = null;
        if (image.Config is not null && image.Manifest.Layers.Count is > 0 and <= ImageTree.MostLayers)
        {
            try
            {
                changes = await tree.Summarize(Digests(image), cancel);
            }
            catch (NaruException e) when (IsUnindexed(e))
            {
                // Not indexed (yet): the page is whole without the numbers.
            }
        }

        List<LayerRow> rows = [];
        var place = 0;
        foreach (var step in image.Config is null ? [] : ImageStep.Of(image.Manifest, image.Config))
        {
            var counts = step.Layer is not null && changes is not null && place < changes.Count ? changes[place] : null;
            rows.Add(new LayerRow
            {
                Digest = step.Layer?.Digest.ToString(),
                Size = step.Layer?.Size ?? 0,
                Word = step.Word,
                Arguments = step.Arguments,
                Counts = counts is null ? null : new LayerCounts(counts.Added, counts.Changed, counts.Hidden),
            });
            place += step.Layer is null ? 0 : 1;
        }

        return rows;
    }

    /// <summary>The entries of a folder that a layer has to do with; with a filter, all of its paths that hold it.</summary>
    public async ValueTask<FilesModel> Files(Shell shell, ImageDetails image, string layer, string folder, string filter, CancellationToken cancel)
    {
        var model = new FilesModel { LayerDigest = layer, Folder = folder.Trim('/') };
        var place = Place(image, layer);
        if (place < 0)
            throw NaruException.NotFound("no such layer");
        try
        {
            return filter.Length == 0 ? await List(image, place, model, cancel) : await Search(image, place, model, filter, cancel);
        }
        catch (NaruException e) when (IsUnindexed(e))
        {
            return model with { Failure = e.Kind == ErrorKind.Unavailable ? shell.Texts.FilesPending : shell.Texts.FilesFailed };
        }
    }

    public async ValueTask<ComparedModel> Compare(Shell shell, ImageDetails from, ImageDetails to, CancellationToken cancel)
    {
        List<ComparedValue> config = [];
        foreach (var difference in ConfigComparison.Compare(from.Config ?? new ImageConfig(), to.Config ?? new ImageConfig()))
            config.Add(new ComparedValue(difference.Name is null ? difference.Field : $"{difference.Field}: {difference.Name}", difference.From, difference.To));
        var model = new ComparedModel { Platform = from.Platform.Name, FromSize = from.Platform.Size, ToSize = to.Platform.Size, Layers = Layers(from, to), Config = config };
        try
        {
            var compared = await tree.Compare(Digests(from), Digests(to), MostDifferences, cancel);
            List<ComparedFile> files = [];
            foreach (var difference in compared.Differences)
                files.Add(new ComparedFile(difference.Path, Change(difference.Kind), difference.Before?.Size, difference.After?.Size));
            return model with { Files = files, FilesCut = !compared.Complete, Failure = compared.Unknown.Count > 0 ? shell.Texts.FilesPending : null };
        }
        catch (NaruException e) when (IsUnindexed(e))
        {
            return model with { Failure = e.Kind == ErrorKind.Unavailable ? shell.Texts.FilesPending : shell.Texts.FilesFailed };
        }
    }

    private async ValueTask<FilesModel> List(ImageDetails image, int place, FilesModel model, CancellationToken cancel)
    {
        var found = await tree.List(Digests(image), place, model.Folder, own: true, null, MostEntries, cancel);
        List<FileRow> rows = new(found.Children.Count);
        foreach (var child in found.Children)
            rows.Add(Row(child, child.Entry.Name));
        return model with { Entries = rows, Cut = found.Next is not null };
    }

    private async ValueTask<FilesModel> Search(ImageDetails image, int place, FilesModel model, string filter, CancellationToken cancel)
    {
        List<FileRow> rows = [];
        foreach (var path in await tree.Search(Digests(image), place, filter, own: true, MostEntries + 1, cancel))
        {
            if (rows.Count < MostEntries)
                rows.Add(Row(path, path.Entry.Path));
            else
                model = model with { Cut = true };
        }

        return model with { Entries = rows };
    }

    private static FileRow Row(ImagePath child, string name)
    {
        var entry = child.Own is { Kind: not LayerEntryKind.Whiteout } own ? own : child.Entry;
        return new FileRow
        {
            Name = name,
            Path = child.Entry.Path,
            Change = child.Change switch
            {
                FolderChange.Added => FileChange.Added,
                FolderChange.Changed => FileChange.Changed,
                FolderChange.Removed => FileChange.Hidden,
                _ => FileChange.Same,
            },
            Folder = entry.Kind == LayerEntryKind.Directory,
            Size = entry.Size,
            Mode = ModeText.Of(child.Entry),
            Target = entry.Target,
        };
    }

    private static List<ComparedLayer> Layers(ImageDetails from, ImageDetails to)
    {
        var (old, now) = (ImageStep.Of(from.Manifest, from.Config), ImageStep.Of(to.Manifest, to.Config));
        HashSet<string> inOld = [], inNow = [];
        foreach (var layer in from.Manifest.Layers)
            inOld.Add(layer.Digest.ToString());
        foreach (var layer in to.Manifest.Layers)
            inNow.Add(layer.Digest.ToString());
        List<ComparedLayer> rows = [];
        Add(now, inOld, ComparedSide.Both, known: true);
        Add(old, inNow, ComparedSide.From, known: false);
        Add(now, inOld, ComparedSide.To, known: false);
        return rows;

        void Add(List<ImageStep> steps, HashSet<string> others, ComparedSide side, bool known)
        {
            foreach (var step in steps)
            {
                if (step.Layer is { } layer && others.Contains(layer.Digest.ToString()) == known)
                    rows.Add(new ComparedLayer(side, layer.Digest.ToString(), layer.Size, step.Word, step.Arguments));
            }
        }
    }

    private static List<string> Digests(ImageDetails image)
    {
        List<string> digests = new(image.Manifest.Layers.Count);
        foreach (var layer in image.Manifest.Layers)
            digests.Add(layer.Digest.ToString());
        return digests;
    }

    private static int Place(ImageDetails image, string digest)
    {
        for (var i = 0; i < image.Manifest.Layers.Count; i++)
        {
            if (image.Manifest.Layers[i].Digest.ToString() == digest)
                return i;
        }

        return -1;
    }

    private static FileChange Change(DifferenceKind kind) => kind switch
    {
        DifferenceKind.Added => FileChange.Added,
        DifferenceKind.Removed => FileChange.Hidden,
        _ => FileChange.Changed,
    };

    private static bool IsUnindexed(NaruException e) => e.Kind is ErrorKind.Unavailable or ErrorKind.FailedPrecondition;
}
