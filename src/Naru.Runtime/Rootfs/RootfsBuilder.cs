using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Init;
using OciMount = Naru.Oci.Runtime.Mount;

namespace Naru.Runtime.Rootfs;

/// <summary>Builds the container's file system in its own mount namespace, up to the switch of the root.</summary>
/// <remarks>
/// Every destination is resolved inside the root by openat2 and mounted on through its descriptor, so no symlink that the image or a racing
/// process plants leads out. All of it happens before pivot_root: /proc and /dev/null are the host's still, and cannot be forged.
/// </remarks>
internal sealed class RootfsBuilder : IDisposable
{
    private const long ProcMagic = 0x9fa0, SysMagic = 0x62656572;

    private static readonly string[] MountableBelowProc =
    [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg", "/proc/slabinfo",
        "/proc/net/dev", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled",
    ];

    private readonly Spec _spec;
    private readonly string _path;
    private readonly bool _userNamespace;
    private readonly IReadOnlyDictionary<string, string> _cgroupFolders;
    private readonly bool _cgroupNamespace;
    private readonly SafeFileHandle _root;

    /// <summary>Makes the rootfs a mount of its own, cut off from the host's propagation.</summary>
    public RootfsBuilder(Spec spec, string path, bool userNamespace, bool cgroupNamespace, IReadOnlyDictionary<string, string> cgroupFolders)
    {
        (_spec, _path, _userNamespace, _cgroupNamespace, _cgroupFolders) = (spec, path, userNamespace, cgroupNamespace, cgroupFolders);
        var propagation = spec.Linux?.RootfsPropagation is { Length: > 0 } word
            ? MountOptions.PropagationOf(word) ?? throw NaruException.Invalid($"rootfsPropagation={word} is not supported")
            : MountFlags.Slave | MountFlags.Recursive;
        Mounts.Mount(null, "/", null, propagation);
        if (propagation.HasFlag(MountFlags.Shared))
            MakeParentPrivate(path);
        Mounts.Bind(path, path, recursive: true);
        _root = Files.Open(path, OpenFlags.PathOnly | OpenFlags.Directory);
    }

    public SafeFileHandle Root => _root;

    public void Dispose() => _root.Dispose();

    public void MountAll()
    {
        foreach (var mount in _spec.Mounts ?? [])
        {
            try
            {
                MountOne(mount, MountOptions.Parse(mount.Options));
                Stress.Step();
            }
            catch (LinuxException failure) when (failure.Call == "mount")
            {
                throw new NaruException(ErrorKind.Internal, $"error mounting \"{mount.Source}\" to rootfs at \"{mount.Destination}\": "
                    + $"mount src={mount.Source}, dst={mount.Destination}: {Errno.Text(failure.Number)}", failure);
            }
            catch (Exception failure) when (failure is LinuxException or NaruException)
            {
                throw new NaruException(ErrorKind.Internal, $"error mounting \"{mount.Source}\" to rootfs at \"{mount.Destination}\": {failure.Message}", failure);
            }
        }
    }

    /// <summary>Makes the working directory, as runc does.</summary>
    public void MakeFolder(string path) => Files.MakeFoldersInRoot(_root, path).Dispose();

    /// <summary>Bind-mounts <paramref name="source"/> over a path of the container that exists; for masks and /dev/console.</summary>
    public void BindOver(string source, SafeFileHandle target) => Mounts.Bind(source, Files.PathOf(target));

    public void ProtectPaths()
    {
        foreach (var path in _spec.Linux?.ReadonlyPaths ?? [])
            MakeReadOnly(path);
        using var null_ = Files.Open("/dev/null", OpenFlags.PathOnly | OpenFlags.NoFollow);
        if (Files.Status(null_) is not { Kind: FileKind.Character, NodeMajor: 1, NodeMinor: 3 })
            throw NaruException.Precondition("/dev/null is not the null device (1:3)");
        foreach (var path in _spec.Linux?.MaskedPaths ?? [])
            Mask(path, null_);
    }

    /// <summary>Makes the root itself read-only where config.json says so, then moves into it.</summary>
    public void Enter(bool pivot)
    {
        if (_spec.Root?.Readonly == true)
            Remount(_root, MountFlags.ReadOnly, MountFlags.None);
        Processes.ChangeFolder(_root);
        if (pivot)
        {
            RootSwitch.PivotHere();
        }
        else
        {
            Mounts.Mount(_path, "/", null, MountFlags.Move);
            Processes.ChangeRoot(".");
            Processes.ChangeFolder("/");
        }

        if (_spec.Linux?.RootfsPropagation is { } word && MountOptions.PropagationOf(word) is { } propagation && !propagation.HasFlag(MountFlags.Private))
            Mounts.Mount(null, "/", null, propagation);
    }

    private void MountOne(OciMount mount, MountOptions options)
    {
        if (options.CopyUp)
            throw new NaruException(ErrorKind.Unimplemented, "mount option tmpcopyup is not supported");
        if (mount.UidMappings is { Count: > 0 } || mount.GidMappings is { Count: > 0 })
            throw new NaruException(ErrorKind.Unimplemented, "id-mapped mounts are not supported");
        CheckProc(mount, options);
        if (options.IsBind)
            MountBind(mount, options);
        else if (mount.Type is "proc" or "sysfs")
            MountProcOrSys(mount, options);
        else if (mount.Type is "cgroup" or "cgroup2")
            MountCgroup(mount, options);
        else
            MountFileSystem(mount, options);
    }

    private void MountFileSystem(OciMount mount, MountOptions options)
    {
        uint? keptMode = null;
        if (mount.Type == "tmpfs" && !options.Data.Contains("mode=", StringComparison.Ordinal))
        {
            using var existing = Files.TryOpenInRoot(_root, mount.Destination, OpenFlags.PathOnly);
            keptMode = existing is null ? null : Files.Status(existing).Mode;
        }

        using var target = Files.MakeFoldersInRoot(_root, mount.Destination);
        Mounts.Mount(mount.Source ?? mount.Type, Files.PathOf(target), mount.Type, options.Set, options.Data);
        using var mounted = Files.OpenInRoot(_root, mount.Destination, OpenFlags.PathOnly);
        if (keptMode is { } mode && !options.Set.HasFlag(MountFlags.ReadOnly))
            Files.ChangeModeOf(mounted, mode);
        Propagate(mounted, options);
    }

    private void MountProcOrSys(OciMount mount, MountOptions options)
    {
        using (var existing = Files.TryOpenInRoot(_root, mount.Destination, OpenFlags.PathOnly | OpenFlags.NoFollow))
        {
            if (existing is not null && Files.Status(existing).Kind != FileKind.Directory)
                throw NaruException.Precondition($"filesystem \"{mount.Type}\" must be mounted on ordinary directory");
        }

        using var target = Files.MakeFoldersInRoot(_root, mount.Destination);
        try
        {
            Mounts.Mount(mount.Source, Files.PathOf(target), mount.Type, options.Set, options.Data);
        }
        catch (LinuxException refused) when (refused.Number is Errno.EPERM or Errno.EBUSY && mount.Type == "sysfs")
        {
            // A user namespace that shares the host's network may not mount sysfs: the host's stands in, read-only.
            Mounts.Bind("/sys", Files.PathOf(target), recursive: true);
        }

        using var mounted = Files.OpenInRoot(_root, mount.Destination, OpenFlags.PathOnly);
        if (Files.FileSystem(mounted).Type is not (ProcMagic or SysMagic))
            throw NaruException.Precondition($"{mount.Destination} is not a {mount.Type} after mounting it");
        Propagate(mounted, options);
    }

    private void MountBind(OciMount mount, MountOptions options)
    {
        var source = mount.Source ?? throw NaruException.Invalid("a bind mount needs a source");
        if (Files.TryStatus(source) is not { } status)
            throw new LinuxException(Errno.ENOENT, "stat", source);
        using (var target = status.Kind == FileKind.Directory ? Files.MakeFoldersInRoot(_root, mount.Destination) : MakeFile(mount.Destination))
            Mounts.Bind(source, Files.PathOf(target), options.Set.HasFlag(MountFlags.Recursive));
        using var mounted = Files.OpenInRoot(_root, mount.Destination, OpenFlags.PathOnly);
        var flags = options.Set & ~(MountFlags.Bind | MountFlags.Recursive | MountFlags.Remount);
        if (flags != 0 || options.Clear != 0)
            Remount(mounted, flags, options.Clear);
        Propagate(mounted, options);
    }

    private void MountCgroup(OciMount mount, MountOptions options)
    {
        if (_cgroupFolders.TryGetValue("", out var unified) && _cgroupFolders.Count == 1)
        {
            using var target = Files.MakeFoldersInRoot(_root, mount.Destination);
            if (_cgroupNamespace)
                Mounts.Mount("cgroup", Files.PathOf(target), "cgroup2", options.Set, options.Data);
            else
                Mounts.Bind(unified, Files.PathOf(target));
            using var mounted = Files.OpenInRoot(_root, mount.Destination, OpenFlags.PathOnly);
            if (!_cgroupNamespace)
                Remount(mounted, options.Set, options.Clear);
            Propagate(mounted, options);
            return;
        }

        using (var target = Files.MakeFoldersInRoot(_root, mount.Destination))
            Mounts.Mount("tmpfs", Files.PathOf(target), "tmpfs", options.Set & ~MountFlags.ReadOnly, "mode=755");
        foreach (var (name, folder) in _cgroupFolders)
            MountHierarchy(mount.Destination, name, folder, options);
        using var top = Files.OpenInRoot(_root, mount.Destination, OpenFlags.PathOnly);
        if (options.Set.HasFlag(MountFlags.ReadOnly))
            Remount(top, options.Set, MountFlags.None);
        Propagate(top, options);
    }

    /// <summary>One v1 hierarchy below the cgroup mount, with links for controllers that share it (cpu → cpu,cpuacct).</summary>
    private void MountHierarchy(string destination, string name, string folder, MountOptions options)
    {
        var label = name.StartsWith("name=", StringComparison.Ordinal) ? name[5..] : name;
        var path = $"{destination}/{label}";
        using (var target = Files.MakeFoldersInRoot(_root, path))
        {
            if (_cgroupNamespace)
                Mounts.Mount("cgroup", Files.PathOf(target), "cgroup", options.Set, name.StartsWith("name=", StringComparison.Ordinal) ? $"none,{name}" : name);
            else
                Mounts.Bind(folder, Files.PathOf(target));
        }

        if (!_cgroupNamespace)
        {
            using var mounted = Files.OpenInRoot(_root, path, OpenFlags.PathOnly);
            Remount(mounted, options.Set, options.Clear);
        }

        if (!label.Contains(','))
            return;
        using var parent = Files.OpenInRoot(_root, destination, OpenFlags.PathOnly);
        foreach (var controller in label.Split(','))
            Files.MakeSymlink(label, parent, controller);
    }

    /// <summary>Changes a mount's flags, keeping those that a mount from a more privileged namespace has locked.</summary>
    private static void Remount(SafeFileHandle mount, MountFlags flags, MountFlags clear)
    {
        const MountFlags kept = MountFlags.ReadOnly | MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec;
        var current = (MountFlags)(ulong)Files.FileSystem(mount).Flags & kept & ~clear;
        Mounts.Mount(null, Files.PathOf(mount), null, MountFlags.Remount | MountFlags.Bind | flags | current);
    }

    private static void Propagate(SafeFileHandle mount, MountOptions options)
    {
        foreach (var kind in options.Propagation)
            Mounts.Mount(null, Files.PathOf(mount), null, kind);
        if (options.RecursiveSet != 0 || options.RecursiveClear != 0)
            DetachedMounts.SetRecursive(mount, options.RecursiveSet, options.RecursiveClear);
    }

    /// <summary>Only a procfs may lie on /proc, and below it only what runtimes such as lxcfs are known to cover.</summary>
    private static void CheckProc(OciMount mount, MountOptions options)
    {
        var destination = Path.GetFullPath("/" + mount.Destination);
        if (destination == "/proc" && mount.Type != "proc")
        {
            using var source = options.IsBind && mount.Source is not null ? Files.TryOpen(mount.Source, OpenFlags.PathOnly) : null;
            if (source is null || Files.FileSystem(source).Type != ProcMagic)
                throw NaruException.Precondition($"\"{destination}\" cannot be mounted because it is not of type proc");
        }
        else if (destination.StartsWith("/proc/", StringComparison.Ordinal) && !MountableBelowProc.Contains(destination)
            && !destination.StartsWith("/proc/sys/net/", StringComparison.Ordinal))
        {
            throw NaruException.Precondition($"\"{destination}\" cannot be mounted because it is inside /proc");
        }
    }

    private SafeFileHandle MakeFile(string path)
    {
        if (Files.TryOpenInRoot(_root, path, OpenFlags.PathOnly) is { } existing)
            return existing;
        using var parent = Files.MakeFoldersInRoot(_root, Path.GetDirectoryName(path.TrimEnd('/')) ?? "/");
        Files.MakeNode(parent, Path.GetFileName(path), FileKind.Regular, 0x1ED);
        return Files.OpenInRoot(_root, path, OpenFlags.PathOnly);
    }

    private void MakeReadOnly(string path)
    {
        using var target = Files.TryOpenInRoot(_root, path, OpenFlags.PathOnly);
        if (target is null)
            return;
        Mounts.Bind(Files.PathOf(target), Files.PathOf(target), recursive: true);
        using var mounted = Files.OpenInRoot(_root, path, OpenFlags.PathOnly);
        Remount(mounted, MountFlags.ReadOnly, MountFlags.None);
    }

    private void Mask(string path, SafeFileHandle null_)
    {
        using var target = Files.TryOpenInRoot(_root, path, OpenFlags.PathOnly);
        if (target is null)
            return;
        if (Files.Status(target).Kind == FileKind.Directory)
            Mounts.Mount("tmpfs", Files.PathOf(target), "tmpfs", MountFlags.ReadOnly, "nr_blocks=1,nr_inodes=1");
        else
            BindOver(Files.PathOf(null_), target);
    }

    /// <summary>pivot_root and the bind of the rootfs need a parent mount that is not shared.</summary>
    private static void MakeParentPrivate(string path)
    {
        for (var folder = path; ; folder = Path.GetDirectoryName(folder)!)
        {
            try
            {
                Mounts.Mount(null, folder, null, MountFlags.Private);
                return;
            }
            catch (LinuxException noMount) when (noMount.Number == Errno.EINVAL && folder != "/")
            {
                // Not a mount point: the one above it is looked at next.
            }
        }
    }
}
