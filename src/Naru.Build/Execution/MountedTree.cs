using Naru.Linux;

namespace Naru.Build.Execution;

/// <summary>A file system of layers, to be read at a path of this machine for a while.</summary>
public sealed class MountedTree : IDisposable
{
    private readonly string? mounted;

    private MountedTree(string path, string? mounted)
    {
        Path = path;
        this.mounted = mounted;
    }

    public string Path { get; }

    /// <summary>A folder that is there without a mount.</summary>
    public static MountedTree Plain(string folder) => new(folder, null);

    /// <param name="layers">The layers' folders, topmost first.</param>
    /// <param name="target">A folder to be made for the mount, and removed with it. One layer alone needs no mount, and no layer is an empty folder.</param>
    public static MountedTree Open(IReadOnlyList<string> layers, string target)
    {
        if (layers.Count == 1)
            return new MountedTree(layers[0], null);
        Directory.CreateDirectory(target);
        if (layers.Count > 1)
            new FstabOptions(MountFlags.ReadOnly, MountFlags.None, ["lowerdir=" + string.Join(':', layers)]).Mount("overlay", "overlay", target);
        return new MountedTree(target, target);
    }

    public void Dispose()
    {
        if (mounted is null)
            return;
        Mounts.Unmount(mounted, detach: true);
        Files.TryRemoveFolder(mounted);
    }
}
