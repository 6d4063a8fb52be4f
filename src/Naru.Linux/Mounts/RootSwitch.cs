namespace Naru.Linux;

/// <summary>Changes the root of the calling process's mount namespace.</summary>
public static unsafe class RootSwitch
{
    /// <summary>pivot_root(".", "."): the current folder, a mount, becomes the root; the old root lies on top of it and is detached.</summary>
    public static void PivotHere()
    {
        using var old = Files.Open("/", OpenFlags.ReadOnly | OpenFlags.Directory);
        using var next = Files.Open(".", OpenFlags.ReadOnly | OpenFlags.Directory);
        var here = stackalloc byte[2];
        here[0] = (byte)'.';
        here[1] = 0;
        Errno.Check(Libc.syscall(Libc.SYS_pivot_root, (nuint)here, (nuint)here, 0, 0, 0), "pivot_root");
        // The old root's unmounting must not reach the host: slave first.
        Processes.ChangeFolder(old);
        Mounts.Mount(null, ".", null, MountFlags.Slave | MountFlags.Recursive);
        Errno.Check(Libc.umount2(".", Libc.MNT_DETACH), "umount", "old root");
        Processes.ChangeFolder("/");
    }
}
