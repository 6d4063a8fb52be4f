using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Rootfs;

/// <summary>What is set on a mount once it is there: propagation, flags of its own, attributes of its tree.</summary>
internal static class MountAttributes
{
    private const MountFlags Times = MountFlags.NoAtime | MountFlags.RelAtime | MountFlags.StrictAtime;

    /// <summary>Flags that the kernel locks on a mount that comes from a more privileged mount namespace.</summary>
    private const MountFlags Lockable = MountFlags.ReadOnly | MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec | MountFlags.NoDirAtime | Times;

    /// <summary>Where the options ask for any: propagation, then <paramref name="flags"/> of a bind, then the tree's attributes.</summary>
    /// <param name="remount">Whether the mount's own flags are to be set: a bind takes none at first.</param>
    public static void Apply(ContainerRoot root, string destination, MountOptions options, bool remount)
    {
        var recursive = (options.RecursiveSet | options.RecursiveClear) != 0;
        if (!remount && !recursive && options.Propagation.Count == 0)
            return;
        using var mounted = root.Open(destination);
        foreach (var kind in options.Propagation)
            ContainerRoot.Mount(null, mounted, destination, null, kind);
        if (remount)
            SetFlags(mounted, destination, options.Set & ~(MountFlags.Bind | MountFlags.Recursive), options.Clear);
        if (recursive)
            DetachedMounts.SetRecursive(mounted, options.RecursiveSet, options.RecursiveClear);
    }

    /// <summary>Sets a mount's flags to exactly these. Those that are locked on it stay, unless they are asked to go.</summary>
    public static void SetFlags(SafeFileHandle mount, string destination, MountFlags flags, MountFlags clear)
    {
        const MountFlags remount = MountFlags.Remount | MountFlags.Bind;
        try
        {
            ContainerRoot.Mount(null, mount, destination, null, remount | flags);
        }
        catch (NaruException refused) when (refused.InnerException is LinuxException { Number: Errno.EPERM or Errno.EACCES })
        {
            var present = FlagsOf(mount);
            if ((present & clear & Lockable) != 0)
                throw new NaruException(ErrorKind.Internal, $"failed to set user-requested vfs flags on bind-mount: cannot clear locked flags {ContainerRoot.NamesOf(present & clear & Lockable)}: {refused.Message}", refused.InnerException);
            // The kernel lets contradictory access times pass in silence: they are compared here.
            if ((flags & Times) != 0 && (flags & Times) != (present & Times))
                throw new NaruException(ErrorKind.Internal, $"failed to set user-requested vfs flags on bind-mount: cannot change locked atime flags {ContainerRoot.NamesOf(present & Times)}: {refused.Message}", refused.InnerException);
            ContainerRoot.Mount(null, mount, destination, null, remount | flags | present & Lockable);
        }
    }

    /// <summary>Makes a mount read-only; its other flags stay.</summary>
    public static void MakeReadOnly(SafeFileHandle mount, string destination)
    {
        const MountFlags kept = MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec;
        SetFlags(mount, destination, MountFlags.ReadOnly | FlagsOf(mount) & kept, MountFlags.None);
    }

    /// <summary>A mount's flags as mount(2) takes them: statfs(2) has others of its own for some.</summary>
    private static MountFlags FlagsOf(SafeFileHandle mount)
    {
        const long relativeTimes = 0x1000, noSymlinkFollow = 0x2000;
        const MountFlags same = MountFlags.ReadOnly | MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec | MountFlags.Synchronous | MountFlags.Mandlock
            | MountFlags.NoAtime | MountFlags.NoDirAtime;
        var status = Files.FileSystem(mount).Flags;
        var flags = (MountFlags)status & same;
        if ((status & noSymlinkFollow) != 0)
            flags |= MountFlags.NoSymlinkFollow;
        if ((status & relativeTimes) != 0)
            flags |= MountFlags.RelAtime;
        else if (!flags.HasFlag(MountFlags.NoAtime))
            flags |= MountFlags.StrictAtime;
        return flags;
    }
}
