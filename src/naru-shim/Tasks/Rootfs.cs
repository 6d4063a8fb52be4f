using Naru.Rpc.Types;

namespace Naru.Shim.Tasks;

/// <summary>The bundle's root filesystem: the snapshot's mounts, made before the container and removed after it.</summary>
internal static class Rootfs
{
    /// <summary>Makes the mounts on a folder, one over another; on failure none is left.</summary>
    public static void Mount(IEnumerable<Mount> mounts, string target)
    {
        Directory.CreateDirectory(target);
        try
        {
            foreach (var mount in mounts)
            {
                var options = FstabOptions.Parse(mount.Options);
                var at = mount.Target.Length == 0 ? target : Path.Join(target, mount.Target);
                options.Mount(mount.Type, mount.Source, at);
            }
        }
        catch
        {
            Unmount(target);
            throw;
        }
    }

    /// <summary>Unmounts all layers of mounts there.</summary>
    public static void Unmount(string target)
    {
        while (Mounts.Unmount(target, detach: true))
        {
            // One mount may lie over another.
        }
    }
}
