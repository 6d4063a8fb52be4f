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

    public string Work(long id) => Path.Combine(Folder(id), "work");
}
