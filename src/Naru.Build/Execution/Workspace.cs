using Naru.Base;
using Naru.Engine;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;
using Naru.Linux;
using Types = Naru.Rpc.Types;

namespace Naru.Build.Execution;

/// <summary>Where one step works: an active snapshot upon its parent's, mounted in a folder of the step's own. It ends as a committed snapshot, or as nothing.</summary>
/// <remarks>
/// <code>
/// EXEC/builds/ID/rootfs       the mount
/// EXEC/builds/ID/...          what else the step needs while it runs
/// </code>
/// What a killed engine left of it is taken away at the next start (<see cref="BuildRecovery"/>): all its snapshots' names begin with <see cref="Prefix"/>.
/// </remarks>
internal sealed class Workspace : IAsyncDisposable
{
    /// <summary>How the names of the builder's snapshots begin.</summary>
    public const string Prefix = "naru-build-";

    private readonly ContainerdClient containerd;
    private readonly LayerFolders folders;
    private readonly IReadOnlyList<Types.Mount> mounts;
    private readonly string key;
    private bool mounted;
    private bool committed;

    private Workspace(ContainerdClient containerd, LayerFolders folders, IReadOnlyList<Types.Mount> mounts, string id, string folder)
    {
        this.containerd = containerd;
        this.folders = folders;
        this.mounts = mounts;
        key = Prefix + id + "-active";
        Id = id;
        Folder = folder;
        Layers = RootMount.Layers(mounts);
    }

    /// <summary>Names the step's container, too.</summary>
    public string Id { get; }

    public string Folder { get; }

    public string Root => Path.Combine(Folder, "rootfs");

    /// <summary>The folders of the file system, the one that is written to first.</summary>
    public IReadOnlyList<string> Layers { get; }

    /// <param name="parent">A committed snapshot; empty for scratch.</param>
    /// <exception cref="NaruException">NotFound: there is no such snapshot (any more).</exception>
    public static async Task<Workspace> Open(ContainerdClient containerd, LayerFolders folders, EnginePaths paths, string parent, CancellationToken cancel)
    {
        var id = Guid.NewGuid().ToString("N");
        var mounts = await containerd.Prepare(Prefix + id + "-active", parent, view: false, cancel);
        var workspace = new Workspace(containerd, folders, mounts, id, Path.Combine(paths.BuildState, id));
        try
        {
            // Whether the files have reached the disk is asked once, when the build ends, and not at each unmount.
            RootMount.Make(RootMount.Throwaway(mounts), workspace.Root);
            workspace.mounted = true;
            return workspace;
        }
        catch
        {
            await workspace.DisposeAsync();
            throw;
        }
    }

    /// <summary>Turns what was written into a committed snapshot.</summary>
    /// <param name="beforeCommit">Called with the layer's own folder when nothing is mounted any more.</param>
    /// <returns>Its name, and the bytes of its own files.</returns>
    public async Task<(string Snapshot, long Size)> Commit(Action<string>? beforeCommit, CancellationToken cancel)
    {
        Unmount();
        beforeCommit?.Invoke(Layers[0]);
        var name = Prefix + Id;
        await containerd.CommitRoot(name, key, new Dictionary<string, string>(), cancel);
        committed = true;
        folders.Know(name, Layers);
        return (name, await containerd.SnapshotUsage(name, cancel));
    }

    public async ValueTask DisposeAsync()
    {
        Unmount();
        if (!committed)
            await containerd.RemoveSnapshot(key, CancellationToken.None);
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }

    private void Unmount()
    {
        if (mounted)
            Mounts.Unmount(Root, detach: true);
        mounted = false;
    }
}
