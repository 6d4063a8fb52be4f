using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using OciMount = Naru.Oci.Runtime.Mount;

namespace Naru.Runtime.Rootfs;

/// <summary>Where nothing may be mounted: over the root itself, and over procfs, which the runtime and the container's programs trust (CVE-2019-16884, CVE-2025-52881).</summary>
internal static class MountPlace
{
    private const long ProcMagic = 0x9fa0;

    /// <summary>Files below /proc that lxcfs and its like are known to cover.</summary>
    private static readonly string[] Covered =
    [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg", "/proc/slabinfo",
        "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled",
    ];

    /// <summary>By where the target really is: a link of the image's may lead to /proc as well.</summary>
    /// <exception cref="NaruException"/>
    public static void Check(ContainerRoot root, OciMount mount, MountOptions options, SafeFileHandle target)
    {
        var place = root.PathOf(target);
        var whole = $"{root.Path}{(place == "/" ? "" : place)}";
        if (place == "/")
            throw NaruException.Precondition($"create mountpoint for {mount.Destination} mount: mountpoint \"{whole}\" is on the top of rootfs \"{root.Path}\"");
        if (place == "/proc")
        {
            if (mount.Type == "proc" && !options.IsBind || options.IsBind && IsProc(mount.Source!))
                return;
            throw NaruException.Precondition($"create mountpoint for {mount.Destination} mount: check proc-safety of {mount.Destination} mount: \"{whole}\" cannot be mounted because it is not of type proc");
        }

        if (place.StartsWith("/proc/", StringComparison.Ordinal) && Array.IndexOf(Covered, place) < 0)
            throw NaruException.Precondition($"create mountpoint for {mount.Destination} mount: check proc-safety of {mount.Destination} mount: \"{whole}\" cannot be mounted because it is inside /proc");
    }

    /// <summary>A whole procfs, not a part of one.</summary>
    private static bool IsProc(string path)
    {
        const ulong rootInode = 1;
        using var source = Files.TryOpen(path, OpenFlags.PathOnly);
        return source is not null && Files.FileSystem(source).Type == ProcMagic && Files.Status(source).Inode == rootInode;
    }
}
