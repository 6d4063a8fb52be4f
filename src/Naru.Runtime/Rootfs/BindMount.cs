using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using OciMount = Naru.Oci.Runtime.Mount;

namespace Naru.Runtime.Rootfs;

/// <summary>A file or folder of the host, or a mount that the runtime made of it, at a place in the container.</summary>
internal static class BindMount
{
    /// <param name="source">A detached mount that the runtime made, where the container's ids could not reach the source or see it as they shall; else null.</param>
    public static void Make(ContainerRoot root, OciMount mount, MountOptions options, SafeFileHandle? source)
    {
        if (Status(mount, source) is not { } status)
            throw NaruException.NotFound($"open {mount.Source}: no such file or directory");
        using (var target = status.Kind == FileKind.Directory ? root.MakeFolder(mount.Destination) : root.MakeFile(mount.Destination))
        {
            MountPlace.Check(root, mount, options, target);
            if (source is null)
                ContainerRoot.Mount(mount.Source, target, mount.Destination, null, MountFlags.Bind | options.Set & (MountFlags.Recursive | MountFlags.Remount));
            else
                Attach(source, mount, target);
        }

        var flags = options.Set & ~(MountFlags.Bind | MountFlags.Recursive | MountFlags.Remount);
        MountAttributes.Apply(root, mount.Destination, options, remount: flags != 0 || options.Clear != 0);
    }

    private static FileStatus? Status(OciMount mount, SafeFileHandle? source) => source is null ? Files.TryStatus(mount.Source!) : Files.Status(source);

    private static void Attach(SafeFileHandle source, OciMount mount, SafeFileHandle target)
    {
        try
        {
            DetachedMounts.Attach(source, target);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.Internal, $"mount src={mount.Source}, dst={mount.Destination}: {Errno.Text(failure.Number)}", failure);
        }
    }
}
