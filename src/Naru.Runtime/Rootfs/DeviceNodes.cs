using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Rootfs;

/// <summary>The container's /dev: the nodes that every container has, those of config.json, and the standard links.</summary>
internal static class DeviceNodes
{
    private static readonly Device[] Standard =
    [
        Character("/dev/null", 1, 3), Character("/dev/random", 1, 8), Character("/dev/full", 1, 7), Character("/dev/tty", 5, 0),
        Character("/dev/zero", 1, 5), Character("/dev/urandom", 1, 9),
    ];

    /// <summary>Makes nodes and links; a user namespace may not make nodes, so there the host's are bind-mounted.</summary>
    public static void Make(RootfsBuilder rootfs, Spec spec, bool userNamespace)
    {
        // A /dev that is the host's own, bind-mounted, is left as it is.
        if ((spec.Mounts ?? []).Any(mount => mount.Destination.TrimEnd('/') == "/dev" && MountOptions.Parse(mount.Options).IsBind))
            return;
        var umask = Processes.SetUmask(0);
        var configured = spec.Linux?.Devices ?? [];
        foreach (var device in Standard.Where(standard => configured.All(other => other.Path != standard.Path)).Concat(configured))
            MakeOne(rootfs, device, userNamespace);
        Processes.SetUmask(umask);
        using var dev = Files.MakeFoldersInRoot(rootfs.Root, "dev");
        Files.MakeSymlink("/proc/self/fd", dev, "fd");
        Files.MakeSymlink("/proc/self/fd/0", dev, "stdin");
        Files.MakeSymlink("/proc/self/fd/1", dev, "stdout");
        Files.MakeSymlink("/proc/self/fd/2", dev, "stderr");
        if (File.Exists("/proc/kcore"))
            Files.MakeSymlink("/proc/kcore", dev, "core");
        Files.Unlink(dev, "ptmx");
        Files.MakeSymlink("pts/ptmx", dev, "ptmx");
    }

    private static void MakeOne(RootfsBuilder rootfs, Device device, bool bind)
    {
        if (device.Path is "/dev/ptmx")
            return;
        var kind = device.Type switch
        {
            "c" or "u" => FileKind.Character,
            "b" => FileKind.Block,
            "p" => FileKind.Fifo,
            _ => throw NaruException.Invalid($"device {device.Path}: unknown type \"{device.Type}\", want c, u, b or p"),
        };
        using var parent = Files.MakeFoldersInRoot(rootfs.Root, Path.GetDirectoryName(device.Path) ?? "/");
        var name = Path.GetFileName(device.Path);
        if (bind)
        {
            using var target = Files.TryOpenInRoot(parent, name, OpenFlags.PathOnly) ?? MakeEmpty(rootfs, parent, name, device.Path);
            rootfs.BindOver(device.Path, target);
            return;
        }

        try
        {
            Files.MakeNode(parent, name, kind, device.FileMode & 0xFFF ?? 0x1B6, (uint)device.Major, (uint)device.Minor);
        }
        catch (LinuxException exists) when (exists.Number == Errno.EEXIST)
        {
            // An image may bring nodes of its own; only the real one will do.
            using var existing = Files.OpenInRoot(parent, name, OpenFlags.PathOnly | OpenFlags.NoFollow);
            var status = Files.Status(existing);
            if (status.Kind != kind || status.NodeMajor != device.Major || status.NodeMinor != device.Minor)
                throw;
        }

        Files.ChangeOwner(parent, name, device.Uid ?? 0, device.Gid ?? 0);
    }

    private static Microsoft.Win32.SafeHandles.SafeFileHandle MakeEmpty(
        RootfsBuilder rootfs, Microsoft.Win32.SafeHandles.SafeFileHandle parent, string name, string path)
    {
        Files.MakeNode(parent, name, FileKind.Regular, 0);
        return Files.OpenInRoot(rootfs.Root, path, OpenFlags.PathOnly);
    }

    private static Device Character(string path, long major, long minor) =>
        new() { Path = path, Type = "c", Major = major, Minor = minor, FileMode = 0x1B6, Uid = 0, Gid = 0 };
}
