using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Rootfs;

namespace Naru.Runtime.Checkpoint;

/// <summary>The root file system as CRIU wants it: a mount of its own, and in it a place for each mount of the container, as a create would make them.</summary>
/// <remarks>
/// Made by CRIU's process before it becomes CRIU, in a mount namespace of its own: whatever happens, nothing is left mounted on the host. What the file systems that CRIU brings along
/// (tmpfs, proc …) are to hold, they hold.
/// </remarks>
internal static class RestoreRoot
{
    /// <param name="folder">An empty folder, to be the root.</param>
    public static void Make(Spec spec, string bundle, string rootfs, string folder)
    {
        Mounts.Mount(null, "/", null, MountFlags.Slave | MountFlags.Recursive);
        Mounts.Bind(rootfs, folder, recursive: true);
        MakePlaces(spec, bundle, folder);
        // With the bind mounts that were needed to make places in them.
        Mounts.Unmount(folder, detach: true);
        Mounts.Bind(rootfs, folder, recursive: true);
    }

    private static void MakePlaces(Spec spec, string bundle, string folder)
    {
        using var root = new ContainerRoot(folder);
        var brought = new List<string>();
        foreach (var mount in spec.Mounts ?? [])
        {
            var place = mount.Destination.TrimEnd('/');
            if (brought.Exists(other => place.StartsWith(other, StringComparison.Ordinal)))
                continue;
            try
            {
                if (!MountOptions.Parse(mount.Options).IsBind)
                {
                    root.MakeFolder(place).Dispose();
                    brought.Add($"{place}/");
                    continue;
                }

                var source = MountSources.PathOf(mount, bundle);
                var status = Files.TryStatus(source) ?? throw NaruException.NotFound($"open {source}: no such file or directory");
                using var target = status.Kind == FileKind.Directory ? root.MakeFolder(place) : root.MakeFile(place);
                ContainerRoot.Mount(source, target, place, null, MountFlags.Bind | MountFlags.Recursive);
            }
            catch (Exception failure) when (failure is LinuxException or NaruException)
            {
                throw new NaruException(ErrorKind.Internal, $"create criu restore mountpoint for {mount.Destination} mount: {failure.Message}", failure);
            }
        }
    }
}
