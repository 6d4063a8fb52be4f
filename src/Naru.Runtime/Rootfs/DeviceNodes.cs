using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Rootfs;

/// <summary>The container's /dev: the nodes that every container has, those of config.json, and the standard links.</summary>
internal sealed class DeviceNodes : IDisposable
{
    private const uint Everyone = 0x1B6;

    /// <summary>What every container has.</summary>
    internal static readonly Device[] Standard =
    [
        Character("/dev/null", 1, 3), Character("/dev/random", 1, 8), Character("/dev/full", 1, 7), Character("/dev/tty", 5, 0),
        Character("/dev/zero", 1, 5), Character("/dev/urandom", 1, 9),
    ];

    private readonly ContainerRoot _root;
    private readonly SafeFileHandle _dev;
    private bool _bind;

    private DeviceNodes(ContainerRoot root, bool bind)
    {
        (_root, _bind) = (root, bind);
        _dev = root.MakeFolder("dev");
    }

    /// <summary>Makes nodes and links.</summary>
    /// <param name="bind">True in a user namespace, which may not make nodes: the host's are bind-mounted.</param>
    public static void Make(ContainerRoot root, Spec spec, bool bind)
    {
        // A /dev that is the host's own, bind-mounted, is left as it is.
        if ((spec.Mounts ?? []).Any(mount => mount.Destination.TrimEnd('/') == "/dev" && MountOptions.Parse(mount.Options).IsBind))
            return;
        var umask = Processes.SetUmask(0);
        using var nodes = new DeviceNodes(root, bind);
        Step("creating device nodes", () => nodes.MakeAll(spec.Linux?.Devices ?? []));
        Step("setting up /dev symlinks", nodes.MakeLinks);
        Processes.SetUmask(umask);
    }

    public void Dispose() => _dev.Dispose();

    private static void Step(string what, Action step)
    {
        try
        {
            step();
        }
        catch (Exception failure) when (failure is LinuxException or NaruException)
        {
            throw new NaruException(ErrorKind.Internal, $"configuring container /dev: error {what}: {failure.Message}", failure);
        }
    }

    private void MakeAll(IReadOnlyList<Device> configured)
    {
        foreach (var device in Standard)
        {
            if (!Names(configured, device.Path))
                MakeOne(device);
        }

        foreach (var device in configured)
            MakeOne(device);
    }

    private void MakeLinks()
    {
        Files.MakeSymlink("/proc/self/fd", _dev, "fd");
        Files.MakeSymlink("/proc/self/fd/0", _dev, "stdin");
        Files.MakeSymlink("/proc/self/fd/1", _dev, "stdout");
        Files.MakeSymlink("/proc/self/fd/2", _dev, "stderr");
        if (Files.TryStatus("/proc/kcore") is not null)
            Files.MakeSymlink("/proc/kcore", _dev, "core");
        Files.Unlink(_dev, "ptmx");
        Files.MakeSymlink("pts/ptmx", _dev, "ptmx");
    }

    private void MakeOne(Device device)
    {
        // The pseudo terminals' multiplexer is always that of the container's own devpts.
        if (device.Path is "/dev/ptmx" or "")
            return;
        var kind = device.Type switch
        {
            "c" or "u" => FileKind.Character,
            "b" => FileKind.Block,
            "p" => FileKind.Fifo,
            _ => throw NaruException.Invalid($"device {device.Path}: unknown type \"{device.Type}\", want c, u, b or p"),
        };
        var folder = Path.GetDirectoryName(device.Path) ?? "/";
        using var parent = folder == "/dev" ? null : _root.MakeFolder(folder);
        var name = Path.GetFileName(device.Path);
        // A FIFO is nobody's device: anyone may make one.
        if ((!_bind || kind == FileKind.Fifo) && TryMakeNode(parent ?? _dev, name, kind, device))
            return;
        _bind = true;
        Bind(device.Path);
    }

    /// <returns>False: this process may make none.</returns>
    private static bool TryMakeNode(SafeFileHandle parent, string name, FileKind kind, Device device)
    {
        try
        {
            Files.MakeNode(parent, name, kind, device.FileMode & 0xFFF ?? Everyone, (uint)device.Major, (uint)device.Minor);
        }
        catch (LinuxException denied) when (denied.Number == Errno.EPERM)
        {
            return false;
        }
        catch (LinuxException exists) when (exists.Number == Errno.EEXIST)
        {
            // An image may bring nodes of its own; only the real one will do.
            using var existing = Files.OpenInRoot(parent, name, OpenFlags.PathOnly | OpenFlags.NoFollow);
            var status = Files.Status(existing);
            if (status.Kind != kind || status.NodeMajor != device.Major || status.NodeMinor != device.Minor)
                throw NaruException.Exists($"device {device.Path}: the image has something else there: file exists");
            Files.ChangeOwner(parent, name, device.Uid ?? 0, device.Gid ?? 0);
            return true;
        }

        if ((device.Uid ?? 0, device.Gid ?? 0) is not (0, 0) and var (uid, gid))
            Files.ChangeOwner(parent, name, uid, gid);
        return true;
    }

    private void Bind(string path)
    {
        using var target = _root.MakeFile(path);
        ContainerRoot.Mount(path, target, path, null, MountFlags.Bind);
    }

    private static bool Names(IReadOnlyList<Device> devices, string path)
    {
        foreach (var device in devices)
        {
            if (device.Path == path)
                return true;
        }

        return false;
    }

    private static Device Character(string path, long major, long minor) =>
        new() { Path = path, Type = "c", Major = major, Minor = minor, FileMode = Everyone, Uid = 0, Gid = 0 };
}
