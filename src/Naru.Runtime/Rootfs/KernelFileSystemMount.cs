using Naru.Base;
using Naru.Linux;
using OciMount = Naru.Oci.Runtime.Mount;

namespace Naru.Runtime.Rootfs;

/// <summary>procfs and sysfs: on an ordinary folder and nothing else, for what programs find there they trust (CVE-2019-19921, CVE-2023-27561).</summary>
internal static class KernelFileSystemMount
{
    private const long ProcMagic = 0x9fa0, SysMagic = 0x62656572;

    public static void Make(ContainerRoot root, OciMount mount, MountOptions options)
    {
        using (var existing = Files.TryOpenInRoot(root.Handle, mount.Destination, OpenFlags.PathOnly | OpenFlags.NoFollow))
        {
            if (existing is not null && Files.Status(existing).Kind != FileKind.Directory)
                throw NaruException.Precondition($"filesystem \"{mount.Type}\" must be mounted on ordinary directory");
        }

        var bound = false;
        using (var target = root.MakeFolder(mount.Destination))
        {
            MountPlace.Check(root, mount, options, target);
            try
            {
                ContainerRoot.Mount(mount.Source ?? mount.Type, target, mount.Destination, mount.Type, options.Set, options.Data);
            }
            catch (NaruException refused) when (mount.Type == "sysfs" && refused.InnerException is LinuxException { Number: Errno.EPERM or Errno.EBUSY })
            {
                // A user namespace that shares the host's network may not mount a sysfs: the host's stands in.
                Mounts.Bind("/sys", Files.PathOf(target), recursive: true);
                bound = true;
            }
        }

        using (var mounted = root.Open(mount.Destination))
        {
            if (Files.FileSystem(mounted).Type is not (ProcMagic or SysMagic))
                throw NaruException.Precondition($"{mount.Destination} is not a {mount.Type} after mounting it");
            if (bound && options.Set.HasFlag(MountFlags.ReadOnly))
                DetachedMounts.SetRecursive(mounted, MountFlags.ReadOnly, MountFlags.None);
        }

        MountAttributes.Apply(root, mount.Destination, options, remount: bound);
    }
}
