using Microsoft.Win32.SafeHandles;
using Naru.Linux;

namespace Naru.Build.Execution;

/// <summary>The places that are made in a file system so that something can be mounted there, to be taken away again: they are none of the step's changes.</summary>
/// <remarks>Looked at before the step's program runs, cleaned after it. What the program put something into stays.</remarks>
internal sealed class MountStubs
{
    private readonly string root;
    private readonly List<string> missing = [];
    private readonly SortedDictionary<string, DateTime> parents = new(StringComparer.Ordinal);

    /// <param name="root">The mounted file system.</param>
    /// <param name="targets">Absolute paths in it at which something is going to be mounted.</param>
    public MountStubs(string root, IEnumerable<string> targets)
    {
        this.root = root;
        using var handle = Files.Open(root, OpenFlags.PathOnly | OpenFlags.Directory);
        foreach (var target in targets)
            Look(handle, target);
    }

    /// <summary>Removes the stubs, and gives the folders that held them their times again.</summary>
    public void Clean()
    {
        using var handle = Files.Open(root, OpenFlags.PathOnly | OpenFlags.Directory);
        for (var number = missing.Count - 1; number >= 0; number--)
            Remove(handle, missing[number]);
        foreach (var (parent, time) in parents)
        {
            using var folder = Files.TryOpenInRoot(handle, parent, OpenFlags.PathOnly | OpenFlags.Directory);
            if (folder is not null)
                Directory.SetLastWriteTimeUtc(Files.PathOf(folder), time);
        }
    }

    /// <summary>Takes out of a layer the folders that stubs alone had made part of it: they look as they do below.</summary>
    /// <param name="layers">The layer's own folder, then those below it.</param>
    public void Prune(IReadOnlyList<string> layers)
    {
        foreach (var parent in parents.Keys.Reverse())
        {
            var name = parent.Trim('/');
            if (name.Length == 0 || layers.Count < 2 || TryFolder(layers[0], name) is not { } own)
                continue;
            using (own)
            {
                if (Directory.EnumerateFileSystemEntries(Files.PathOf(own)).Any() || Directory.GetLastWriteTimeUtc(Files.PathOf(own)) != parents[parent] || !LooksAsBelow(own, name, layers))
                    continue;
            }

            var slash = name.LastIndexOf('/');
            using var above = TryFolder(layers[0], slash < 0 ? "." : name[..slash]);
            if (above is not null)
                Files.TryRemoveFolder(Files.PathOf(above) + "/" + name[(slash + 1)..]);
        }
    }

    private static bool LooksAsBelow(SafeFileHandle own, string name, IReadOnlyList<string> layers)
    {
        for (var number = 1; number < layers.Count; number++)
        {
            using var same = TryFolder(layers[number], name);
            if (same is null)
                continue;
            var (left, right) = (Files.Status(own), Files.Status(same));
            return left.Mode == right.Mode && left.Uid == right.Uid && left.Gid == right.Gid;
        }

        return false;
    }

    /// <summary>A folder of a layer, no link on the way: a layer's links may lead anywhere.</summary>
    private static SafeFileHandle? TryFolder(string layer, string name)
    {
        using var root = Files.Open(layer, OpenFlags.PathOnly | OpenFlags.Directory);
        try
        {
            return Files.OpenBeneath(root, name, OpenFlags.ReadOnly | OpenFlags.Directory | OpenFlags.NoFollow);
        }
        catch (LinuxException)
        {
            return null;
        }
    }

    private void Look(SafeFileHandle handle, string target)
    {
        var parts = target.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var path = "";
        foreach (var part in parts)
        {
            var parent = path.Length == 0 ? "/" : path;
            path += "/" + part;
            using var there = Files.TryOpenInRoot(handle, path, OpenFlags.PathOnly);
            if (there is not null)
                continue;
            if (!missing.Contains(path))
                missing.Add(path);
            using var folder = Files.TryOpenInRoot(handle, parent, OpenFlags.PathOnly | OpenFlags.Directory);
            if (folder is not null && !parents.ContainsKey(parent))
                parents[parent] = Directory.GetLastWriteTimeUtc(Files.PathOf(folder));
        }
    }

    private static void Remove(SafeFileHandle handle, string path)
    {
        var slash = path.LastIndexOf('/');
        using var folder = Files.TryOpenInRoot(handle, slash == 0 ? "/" : path[..slash], OpenFlags.PathOnly | OpenFlags.Directory);
        if (folder is null)
            return;
        var name = path[(slash + 1)..];
        using var stub = Files.TryOpenInRoot(handle, path, OpenFlags.PathOnly | OpenFlags.NoFollow);
        if (stub is null)
            return;
        var status = Files.Status(stub);
        if (status.Kind == FileKind.Directory)
            Files.TryRemoveFolder(Files.PathOf(folder) + "/" + name);
        else if (status.Kind == FileKind.Regular && status.Size == 0)
            Files.Unlink(folder, name);
    }
}
