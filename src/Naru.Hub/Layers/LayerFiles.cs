using System.Text;
using Naru.Base;
using Naru.Hub.Metadata;
using Naru.Hub.Storage;

namespace Naru.Hub.Layers;

/// <summary>One layer's files, by its index: folders, and single files' bytes without the rest of the layer.</summary>
/// <remarks>
/// Paths are relative to the root, whose own path is empty. Who may see a layer is for the caller to know. All fail alike when there is no index:
/// Unavailable, not yet; FailedPrecondition, never, with the reason.
/// </remarks>
public sealed class LayerFiles(LayerIndexes indexes, IDatabase database, IBlobStorage storage)
{
    public ValueTask<LayerSummary> Describe(string digest, CancellationToken cancel) => indexes.Use(digest, async index =>
    {
        var root = await index.Find([], [], cancel) ?? throw LayerIndexFormat.Damaged();
        return new LayerSummary(index.Header.Compression, index.Header.LayerSize, index.Header.RawSize, root.Below, root.Size);
    }, cancel);

    /// <summary>The children of a folder: those behind <paramref name="after"/>, so many at most.</summary>
    /// <exception cref="NaruException">InvalidArgument: the path leads out of the root.</exception>
    public ValueTask<LayerFolder> List(string digest, string folder, string? after, int limit, CancellationToken cancel) => indexes.Use(digest, async index =>
    {
        var self = await LayerPaths.Find(index, folder, cancel);
        if (self is null)
            return new LayerFolder(null, [], null);
        var path = LayerPaths.Join(self.RawFolder, self.RawName);
        var children = await index.Children(path, after is null ? null : Encoding.UTF8.GetBytes(after), limit + 1, cancel);
        if (children.Count <= limit)
            return new LayerFolder(self, children, null);
        children.RemoveAt(limit);
        return new LayerFolder(self, children, children[^1].Name);
    }, cancel);

    /// <summary>A file that can be read, in whole or in part.</summary>
    /// <exception cref="NaruException">NotFound: no such path in this layer. InvalidArgument: no file, or one whose bytes are not in this layer.</exception>
    public async ValueTask<LayerFile> Open(string digest, string path, CancellationToken cancel)
    {
        LayerIndex? used = null;
        var entry = await indexes.Use(digest, async index =>
        {
            used = index;
            return await LayerPaths.Find(index, path, cancel);
        }, cancel);
        if (entry is null || entry.Kind == LayerEntryKind.Whiteout)
            throw NaruException.NotFound($"no such file in layer {digest}: {path}");
        if (!entry.IsReadable)
            throw NaruException.Invalid(Refusal(entry, path));
        var blob = await database.Read(session => session.First("SELECT object, size FROM blob WHERE digest = $1", row => new LayerBlob(row.Text(0), row.Number(1)), digest), cancel)
            ?? throw NaruException.NotFound($"no such layer: {digest}");
        return new LayerFile(entry, used!, storage, blob);
    }

    private static string Refusal(LayerEntry entry, string path) => entry.Kind switch
    {
        LayerEntryKind.HardLink => $"{path}: a hard link to {entry.Target}, whose bytes are not in this layer",
        LayerEntryKind.Symlink => $"{path}: a symbolic link to {entry.Target}",
        LayerEntryKind.Directory => $"{path}: a folder",
        LayerEntryKind.File => $"{path}: a file with too many holes to be read alone",
        _ => $"{path}: a device or a pipe",
    };
}
