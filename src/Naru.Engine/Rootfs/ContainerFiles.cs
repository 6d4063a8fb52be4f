using System.Text;
using Naru.Api;
using Naru.Base;
using Naru.Base.Units;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;
using Naru.Engine.Specs;
using Naru.Images;
using Naru.Linux;

namespace Naru.Engine.Rootfs;

/// <summary><c>docker cp</c> both ways, <c>export</c> and <c>diff</c>.</summary>
public sealed class ContainerFiles(EnginePaths paths, ContainerdClient containerd)
{
    private const int MostLinks = 255;

    /// <exception cref="NaruException">NotFound: no such path.</exception>
    public async Task<ContainerPathStat> Stat(Container container, string reference, string path, CancellationToken cancel)
    {
        using var root = await ContainerRoot.Open(container, containerd, paths, cancel);
        using var tree = new TreeReader(root.Path);
        return Describe(tree, reference, path).Stat;
    }

    /// <summary>Finds the path, tells <paramref name="found"/>, then gives it with all below it as tar.</summary>
    public async Task Get(Container container, string reference, string path, Func<ContainerPathStat, Task<Stream>> found, CancellationToken cancel)
    {
        using var root = await ContainerRoot.Open(container, containerd, paths, cancel);
        ContainerPathStat stat;
        byte[] start;
        using (var tree = new TreeReader(root.Path))
            (stat, start) = Describe(tree, reference, path);
        var target = await found(stat);
        var name = Encoding.UTF8.GetBytes(stat.Name == "/" ? "" : stat.Name);
        byte[] Rename(byte[] entry)
        {
            var rest = entry.AsSpan(start.Length).TrimStart((byte)'/');
            return rest.IsEmpty ? (name.Length == 0 ? "/"u8.ToArray() : name) : name.Length == 0 ? [(byte)'/', .. rest] : [.. name, (byte)'/', .. rest];
        }

        await Task.Run(() => LayerDiffer.WriteTree(root.Path, target, start, Rename, cancel), cancel);
    }

    /// <summary>Unpacks a tar (plain, gzip, zstd) into a folder of the container.</summary>
    /// <param name="keepKinds">Refuse to replace a folder by a file or the reverse.</param>
    /// <param name="asUser">Give what is unpacked to the container's user.</param>
    public async Task Put(Container container, string reference, string path, Stream archive, bool keepKinds, bool asUser, CancellationToken cancel)
    {
        var folder = Clean(path);
        using var root = await ContainerRoot.Open(container, containerd, paths, cancel);
        using (var tree = new TreeReader(root.Path))
        {
            var entry = tree.Read([.. folder, .. "/."u8]) ?? tree.Read(folder);
            if (entry is null)
                throw NaruException.NotFound($"Could not find the file {path} in container {reference}");
            if (entry.Kind != TreeEntryKind.Directory)
                throw NaruException.Invalid("extraction point is not a directory");
        }

        CheckWritable(container.Record, "/" + Encoding.UTF8.GetString(folder));
        Func<uint, uint, (uint, uint)>? owner = null;
        if (asUser && container.Record.Config.User.Length > 0)
        {
            var user = new UserLookup(RootMount.Layers(await containerd.SnapshotMounts(container.Id, cancel))).Resolve(container.Record.Config.User, null);
            owner = (_, _) => (user.Uid, user.Gid);
        }

        var options = new LayerApplyOptions { Whiteouts = WhiteoutMode.Literal, KeepKinds = keepKinds, MaximumBytes = long.MaxValue, MapOwner = owner, Folder = folder };
        try
        {
            await Task.Run(() => LayerApplier.Apply(archive, root.Path, options, cancel), cancel);
        }
        catch (LinuxException e)
        {
            throw new NaruException(ErrorKind.Internal, e.Message, e);
        }
    }

    public async Task Export(Container container, Stream target, CancellationToken cancel)
    {
        using var root = await ContainerRoot.OpenLayers(container, containerd, paths, cancel);
        await Task.Run(() => LayerDiffer.WriteTree(root.Path, target, cancellation: cancel), cancel);
    }

    public async Task<IReadOnlyList<FilesystemChange>> Changes(Container container, CancellationToken cancel)
    {
        var layers = RootMount.Layers(await containerd.SnapshotMounts(container.Id, cancel));
        return await Task.Run(() => LayerChanges.Read(layers[0], [.. layers.Skip(1)]), cancel);
    }

    /// <summary>Relative to the root, without links resolved; a trailing slash or dot asks for what a link leads to.</summary>
    private static (ContainerPathStat Stat, byte[] Start) Describe(TreeReader tree, string reference, string path)
    {
        var start = Clean(path);
        var follow = path.EndsWith('/') || path.EndsWith("/.", StringComparison.Ordinal) || path == ".";
        var name = path.EndsWith("/.", StringComparison.Ordinal) ? "." : start.Length == 0 ? "/" : Encoding.UTF8.GetString(start).Split('/')[^1];
        if (follow && start.Length > 0)
            start = [.. start, .. "/."u8];
        TreeEntry entry;
        try
        {
            entry = tree.Read(start) ?? throw NaruException.NotFound($"Could not find the file {path} in container {reference}");
        }
        catch (LinuxException e)
        {
            throw new NaruException(ErrorKind.NotFound, $"Could not find the file {path} in container {reference}", e);
        }

        return (new ContainerPathStat
        {
            Name = name,
            Size = entry.Kind == TreeEntryKind.Symlink ? entry.LinkTarget.Length : entry.Kind == TreeEntryKind.Directory ? 4096 : entry.Size,
            Mode = GoMode(entry),
            Modified = GoTime.Nano(DateTimeOffset.UnixEpoch.AddSeconds(entry.Metadata.Seconds).AddTicks(entry.Metadata.Nanoseconds / 100)),
            LinkTarget = entry.Kind == TreeEntryKind.Symlink ? "/" + Encoding.UTF8.GetString(Resolve(tree, start)) : "",
        }, start);
    }

    /// <summary>Where a path leads once all links are followed inside the root.</summary>
    private static byte[] Resolve(TreeReader tree, byte[] path)
    {
        List<byte[]> done = [];
        var rest = new Stack<byte[]>();
        Push(path);
        for (var links = 0; rest.TryPop(out var part);)
        {
            if (part.Length == 0 || part is [(byte)'.'])
                continue;
            if (part is [(byte)'.', (byte)'.'])
            {
                if (done.Count > 0)
                    done.RemoveAt(done.Count - 1);
                continue;
            }

            done.Add(part);
            if (tree.Read(Join()) is not { Kind: TreeEntryKind.Symlink } link)
                continue;
            if (++links > MostLinks)
                throw NaruException.Invalid("too many links");
            done.RemoveAt(done.Count - 1);
            if (link.LinkTarget is [(byte)'/', ..])
                done.Clear();
            Push(link.LinkTarget);
        }

        return Join();

        void Push(byte[] text)
        {
            var end = text.Length;
            while (end >= 0)
            {
                var slash = end == 0 ? -1 : Array.LastIndexOf(text, (byte)'/', end - 1);
                rest.Push(text[(slash + 1)..end]);
                end = slash;
            }
        }

        byte[] Join() => [.. done.SelectMany((part, i) => i == 0 ? part : [(byte)'/', .. part])];
    }

    /// <summary>The path as the root sees it: «..» never leaves it (Go's filepath.Join of / and the path).</summary>
    private static byte[] Clean(string path)
    {
        List<string> parts = [];
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("" or "." or ".."))
                parts.Add(part);
        }

        return Encoding.UTF8.GetBytes(string.Join('/', parts));
    }

    private static void CheckWritable(ContainerRecord record, string path)
    {
        var mount = record.Mounts.Where(mount => path == mount.Destination || path.StartsWith(mount.Destination + "/", StringComparison.Ordinal)).MaxBy(mount => mount.Destination.Length);
        if (mount is { ReadWrite: false })
            throw new NaruException(ErrorKind.PermissionDenied, "mounted volume is marked read-only");
        if (mount is null && record.HostConfig.ReadonlyRootfs)
            throw new NaruException(ErrorKind.PermissionDenied, "container rootfs is marked read-only");
    }

    /// <summary>os.FileMode: the kind in the upper bits, as Go numbers them.</summary>
    private static uint GoMode(TreeEntry entry)
    {
        var mode = entry.Metadata.Mode & 0x1FF;
        mode |= entry.Kind switch
        {
            TreeEntryKind.Directory => 1u << 31,
            TreeEntryKind.Symlink => 1u << 27,
            TreeEntryKind.BlockDevice => 1u << 26,
            TreeEntryKind.CharacterDevice => (1u << 26) | (1u << 21),
            TreeEntryKind.Fifo => 1u << 25,
            TreeEntryKind.Socket => 1u << 24,
            _ => 0,
        };
        if ((entry.Metadata.Mode & 0x800) != 0)
            mode |= 1u << 23;
        if ((entry.Metadata.Mode & 0x400) != 0)
            mode |= 1u << 22;
        if ((entry.Metadata.Mode & 0x200) != 0)
            mode |= 1u << 20;
        return mode;
    }
}
