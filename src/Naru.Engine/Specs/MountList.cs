using System.Globalization;
using Naru.Engine.Containers;
using OciRuntime = Naru.Oci.Runtime;

namespace Naru.Engine.Specs;

/// <summary>The mounts of a container, in the order they are made: the system's, the etc files, then the user's by depth.</summary>
internal static class MountList
{
    public static IReadOnlyList<OciRuntime.Mount> Build(SpecInput input)
    {
        var record = input.Record;
        var host = record.HostConfig;
        var user = record.Mounts.Select(mount => Normal(mount.Destination)).ToHashSet(StringComparer.Ordinal);
        List<OciRuntime.Mount> result =
        [
            Make("/proc", "proc", "proc", "nosuid", "noexec", "nodev"),
            Make("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            Make("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
            Make("/sys", "sysfs", "sysfs", host.Privileged ? ["nosuid", "noexec", "nodev"] : ["nosuid", "noexec", "nodev", "ro"]),
            Make("/sys/fs/cgroup", "cgroup", "cgroup", host.Privileged ? ["nosuid", "noexec", "nodev"] : ["ro", "nosuid", "noexec", "nodev"]),
            Make("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
        ];
        if (host.IpcMode == "host")
        {
            result.Add(Make("/dev/shm", "bind", "/dev/shm", "rbind"));
        }
        else if (input.SharedMemory is { } folder)
        {
            result.Add(Make("/dev/shm", "bind", folder, "rbind", "rprivate"));
        }
        else if (host.IpcMode != "none")
        {
            result.Add(Make("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=" + host.ShmSize.ToString(CultureInfo.InvariantCulture)));
        }

        foreach (var (destination, source) in input.EtcFiles)
            result.Add(Make(destination, "bind", source, host.ReadonlyRootfs ? ["rbind", "rprivate", "ro"] : ["rbind", "rprivate"]));
        if (input.InitProgram is { } init)
            result.Add(Make(InitProgram.Target, "bind", init, "bind", "ro"));
        result.RemoveAll(mount => user.Contains(mount.Destination));
        foreach (var mount in record.Mounts.OrderBy(mount => Normal(mount.Destination).Count(c => c == '/')))
            result.Add(User(mount));
        return result;
    }

    /// <summary>mount_setattr(2), which also reaches what is mounted below a mount, came with Linux 5.12.</summary>
    public static bool CanReadOnlyRecursively { get; } = Environment.OSVersion.Version >= new Version(5, 12);

    private static OciRuntime.Mount User(ContainerMount mount)
    {
        if (mount.Type == "tmpfs")
            return Make(mount.Destination, "tmpfs", "tmpfs", [.. mount.Options]);
        List<string> options = [mount.NonRecursive ? "bind" : "rbind", mount.Propagation.Length > 0 ? mount.Propagation : "rprivate"];
        if (!mount.ReadWrite)
            options.Add(CanReadOnlyRecursively && !mount.ReadOnlyNonRecursive ? "rro" : "ro");
        return Make(mount.Destination, "bind", mount.Source, [.. options]);
    }

    private static string Normal(string path) => path.Length > 1 ? path.TrimEnd('/') : path;

    private static OciRuntime.Mount Make(string destination, string type, string source, params string[] options) =>
        new() { Destination = destination, Type = type, Source = source, Options = options };
}
