using System.Globalization;

namespace Naru.Containerd;

/// <summary>The snapshotter's tree on disk.</summary>
/// <remarks>
/// <code>
/// snapshots/ID/
/// ├── fs       the layer's own files: overlay's upper directory while active, a lower one once committed
/// └── work     overlay's work directory; active snapshots only
/// </code>
/// </remarks>
internal sealed class SnapshotPaths(string root)
{
    public string Root { get; } = root;

    public string Folder(long id) => Path.Combine(Root, id.ToString(CultureInfo.InvariantCulture));

    public string Files(long id) => Path.Combine(Folder(id), "fs");

    /// <summary>The other way round: of a path that <see cref="Files"/> gives; 0 for any other.</summary>
    public long Number(string files) =>
        Path.GetDirectoryName(files) is { } folder && long.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id) && files == Files(id) ? id : 0;

    public string Work(long id) => Path.Combine(Folder(id), "work");
}
