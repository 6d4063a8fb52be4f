using System.Collections.Concurrent;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;

namespace Naru.Build.Execution;

/// <summary>Where the files of committed snapshots are, as containerd's mounts tell. Asked once for each snapshot: they never move.</summary>
public sealed class LayerFolders(ContainerdClient containerd)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> known = new();

    /// <returns>The folders of the snapshot and those below it, topmost first; none for the empty name.</returns>
    /// <exception cref="Base.NaruException">NotFound: there is no such snapshot.</exception>
    public async Task<IReadOnlyList<string>> Of(string snapshot, CancellationToken cancel)
    {
        if (snapshot.Length == 0)
            return [];
        if (known.TryGetValue(snapshot, out var folders))
            return folders;
        var view = Workspace.Prefix + "view-" + Guid.NewGuid().ToString("N");
        folders = RootMount.Layers(await containerd.Prepare(view, snapshot, view: true, cancel));
        await containerd.RemoveSnapshot(view, CancellationToken.None);
        return known[snapshot] = folders;
    }

    public void Know(string snapshot, IReadOnlyList<string> folders) => known[snapshot] = folders;

    /// <summary>The snapshot is gone, or is about to be.</summary>
    public void Forget(string snapshot) => known.TryRemove(snapshot, out _);
}
