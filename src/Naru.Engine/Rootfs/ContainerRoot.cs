using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;
using Naru.Linux;

namespace Naru.Engine.Rootfs;

/// <summary>A container's files as its own processes see them, open for a moment's work: nothing of the container is run for it.</summary>
/// <remarks>
/// Running: the root of its init process, mounts included. Else: its snapshot and volumes, mounted below EXEC/mounts, and nobody may start it meanwhile.
/// Paths below are resolved inside (RESOLVE_IN_ROOT), whatever links and mounts the container makes at the same time.
/// </remarks>
public sealed class ContainerRoot : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly string? mounted;
    private readonly Container? locked;

    private ContainerRoot(SafeFileHandle handle, string? mounted, Container? locked)
    {
        this.handle = handle;
        this.mounted = mounted;
        this.locked = locked;
    }

    /// <summary>A name of the root for calls that take a folder.</summary>
    public string Path => Files.PathOf(handle);

    public static async Task<ContainerRoot> Open(Container container, ContainerdClient containerd, EnginePaths paths, CancellationToken cancel)
    {
        if (TryOpenRunning(container) is { } running)
            return running;
        await container.Operation.WaitAsync(cancel);
        try
        {
            if (container.Removed)
                throw NaruException.NotFound($"No such container: {container.Id}");
            if (TryOpenRunning(container) is { } meanwhile)
            {
                container.Operation.Release();
                return meanwhile;
            }

            var mounts = await containerd.SnapshotMounts(container.Id, cancel);
            var folder = paths.Mount($"{container.Id}-{Guid.NewGuid():N}");
            return new ContainerRoot(Mount(container.Record, folder, () => RootMount.Make(mounts, folder)), folder, container);
        }
        catch
        {
            container.Operation.Release();
            throw;
        }
    }

    /// <summary>Only the container's own layers, to be read: no volume, no /proc. Also while it runs.</summary>
    public static async Task<ContainerRoot> OpenLayers(Container container, ContainerdClient containerd, EnginePaths paths, CancellationToken cancel)
    {
        var mounts = await containerd.SnapshotMounts(container.Id, cancel);
        var folder = paths.Mount($"{container.Id}-{Guid.NewGuid():N}");
        RootMount.MakeReadOnly(mounts, folder);
        return new ContainerRoot(Files.Open(folder, OpenFlags.PathOnly | OpenFlags.Directory), folder, null);
    }

    public void Dispose()
    {
        handle.Dispose();
        if (mounted is not null)
            Release(mounted);
        locked?.Operation.Release();
    }

    private static ContainerRoot? TryOpenRunning(Container container)
    {
        if (container.State is not ContainerState.Running running)
            return null;
        var root = Files.TryOpen($"/proc/{running.Pid}/root", OpenFlags.PathOnly | OpenFlags.Directory);
        // The number may be another process's by now: the group tells.
        if (root is not null && (Files.TryReadText($"/proc/{running.Pid}/cgroup") ?? "").Contains(container.Id, StringComparison.Ordinal))
            return new ContainerRoot(root, null, null);
        root?.Dispose();
        return null;
    }

    private static SafeFileHandle Mount(ContainerRecord record, string folder, Action make)
    {
        make();
        try
        {
            // Private first: what is unmounted here must not be unmounted where it came from.
            Mounts.Mount(null, folder, null, MountFlags.Private | MountFlags.Recursive);
            var root = Files.Open(folder, OpenFlags.PathOnly | OpenFlags.Directory);
            foreach (var mount in record.Mounts.Where(mount => mount.Type != "tmpfs").OrderBy(mount => mount.Destination.Count(c => c == '/')))
                Bind(root, mount);
            return root;
        }
        catch
        {
            Release(folder);
            throw;
        }
    }

    private static void Bind(SafeFileHandle root, ContainerMount mount)
    {
        if (!System.IO.Path.Exists(mount.Source))
            return;
        using var place = Directory.Exists(mount.Source)
            ? Files.MakeFoldersInRoot(root, mount.Destination)
            : Files.TryOpenInRoot(root, mount.Destination, OpenFlags.PathOnly);
        if (place is null)
            return;
        var target = Files.PathOf(place);
        Mounts.Bind(mount.Source, target, recursive: true);
        using var made = Files.OpenInRoot(root, mount.Destination, OpenFlags.PathOnly);
        var name = Files.PathOf(made);
        Mounts.Mount(null, name, null, MountFlags.Private | MountFlags.Recursive);
        if (!mount.ReadWrite)
            Mounts.Mount(null, name, null, MountFlags.Bind | MountFlags.Remount | MountFlags.ReadOnly);
    }

    private static void Release(string folder)
    {
        Mounts.Unmount(folder, detach: true);
        Directory.Delete(folder);
    }
}
