using System.Globalization;
using Naru.Api;
using Naru.Base;
using Naru.Linux;
using OciRuntime = Naru.Oci.Runtime;

namespace Naru.Engine.Specs;

/// <summary>A container's limits and devices.</summary>
public static class ResourceLimits
{
    /// <summary>Swappiness and the OOM killer's switch exist on cgroup v1 only; elsewhere they are left out, as Docker does with a warning.</summary>
    public static OciRuntime.Resources Build(HostConfig host, bool unified) => new()
    {
        Devices = DeviceRules(host),
        Memory = new OciRuntime.MemoryResources
        {
            Limit = host.Memory > 0 ? host.Memory : null,
            Reservation = host.MemoryReservation > 0 ? host.MemoryReservation : null,
            Swap = host.MemorySwap != 0 ? host.MemorySwap : null,
            Swappiness = !unified && host.MemorySwappiness is { } swappiness and >= 0 ? (ulong)swappiness : null,
            DisableOomKiller = !unified && host.OomKillDisable == true ? true : null,
        },
        Cpu = Cpu(host),
        Pids = host.PidsLimit is { } pids and not 0 ? new OciRuntime.PidsResources { Limit = pids < 0 ? -1 : pids } : null,
        BlockIo = new OciRuntime.BlockIoResources
        {
            Weight = host.BlkioWeight > 0 ? (ushort)host.BlkioWeight : null,
            ThrottleReadBpsDevice = Throttle(host.BlkioDeviceReadBps),
            ThrottleWriteBpsDevice = Throttle(host.BlkioDeviceWriteBps),
            ThrottleReadIopsDevice = Throttle(host.BlkioDeviceReadIOps),
            ThrottleWriteIopsDevice = Throttle(host.BlkioDeviceWriteIOps),
        },
    };

    /// <summary>The devices made in /dev beyond the six that every container has.</summary>
    public static IReadOnlyList<OciRuntime.Device>? Devices(HostConfig host)
    {
        List<OciRuntime.Device> result = [];
        if (host.Privileged)
        {
            foreach (var path in Directory.EnumerateFileSystemEntries("/dev", "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = true }))
            {
                if (path.StartsWith("/dev/pts", StringComparison.Ordinal) || path.StartsWith("/dev/shm", StringComparison.Ordinal) || path.StartsWith("/dev/mqueue", StringComparison.Ordinal) || path == "/dev/console")
                    continue;
                if (TryDevice(path, path) is { } device)
                    result.Add(device);
            }
        }

        foreach (var mapping in host.Devices ?? [])
        {
            if (Directory.Exists(mapping.PathOnHost))
            {
                foreach (var path in Directory.EnumerateFileSystemEntries(mapping.PathOnHost))
                {
                    if (TryDevice(path, mapping.PathInContainer.TrimEnd('/') + "/" + Path.GetFileName(path)) is { } below)
                        result.Add(below);
                }

                continue;
            }

            result.Add(TryDevice(mapping.PathOnHost, mapping.PathInContainer.Length > 0 ? mapping.PathInContainer : mapping.PathOnHost)
                ?? throw NaruException.Invalid($"error gathering device information while adding custom device \"{mapping.PathOnHost}\": " + (File.Exists(mapping.PathOnHost) ? "not a device node" : "no such file or directory")));
        }

        return result.Count > 0 ? result : null;
    }

    private static IReadOnlyList<OciRuntime.DeviceRule> DeviceRules(HostConfig host)
    {
        if (host.Privileged)
            return [new() { Allow = true, Access = "rwm" }];
        List<OciRuntime.DeviceRule> rules =
        [
            new() { Allow = false, Access = "rwm" },
            Rule("c", 1, 5, "rwm"), Rule("c", 1, 3, "rwm"), Rule("c", 1, 9, "rwm"), Rule("c", 1, 8, "rwm"), Rule("c", 5, 0, "rwm"), Rule("c", 5, 1, "rwm"),
            new() { Allow = false, Type = "c", Major = 10, Minor = 229, Access = "rwm" },
        ];
        foreach (var mapping in host.Devices ?? [])
        {
            foreach (var device in Devices(new HostConfig { Devices = [mapping] }) ?? [])
                rules.Add(Rule(device.Type, device.Major, device.Minor, mapping.CgroupPermissions.Length > 0 ? mapping.CgroupPermissions : "rwm"));
        }

        foreach (var text in host.DeviceCgroupRules ?? [])
        {
            var parts = text.Split(' ', ':');
            if (parts.Length != 4 || parts[0] is not ("a" or "b" or "c"))
                throw NaruException.Invalid($"invalid device cgroup rule format: '{text}'");
            rules.Add(new OciRuntime.DeviceRule { Allow = true, Type = parts[0], Major = Wild(parts[1]), Minor = Wild(parts[2]), Access = parts[3] });
        }

        return rules;
    }

    private static OciRuntime.CpuResources Cpu(HostConfig host)
    {
        long? quota = host.CpuQuota != 0 ? host.CpuQuota : null;
        ulong? period = host.CpuPeriod > 0 ? (ulong)host.CpuPeriod : null;
        if (host.NanoCpus > 0)
            (quota, period) = (host.NanoCpus / 10_000, 100_000);
        return new OciRuntime.CpuResources
        {
            Shares = host.CpuShares > 0 ? (ulong)host.CpuShares : null,
            Quota = quota,
            Period = period,
            RealtimePeriod = host.CpuRealtimePeriod > 0 ? (ulong)host.CpuRealtimePeriod : null,
            RealtimeRuntime = host.CpuRealtimeRuntime > 0 ? host.CpuRealtimeRuntime : null,
            Cpus = host.CpusetCpus.Length > 0 ? host.CpusetCpus : null,
            Mems = host.CpusetMems.Length > 0 ? host.CpusetMems : null,
        };
    }

    private static IReadOnlyList<OciRuntime.ThrottleDevice>? Throttle(IReadOnlyList<ThrottleDevice>? devices) =>
        devices is not { Count: > 0 } ? null : [.. devices.Select(one => Files.TryStatus(one.Path) is { } status
            ? new OciRuntime.ThrottleDevice { Major = status.NodeMajor, Minor = status.NodeMinor, Rate = one.Rate }
            : throw NaruException.Invalid($"no such device: {one.Path}"))];

    private static OciRuntime.Device? TryDevice(string path, string target)
    {
        if (Files.TryStatus(path) is not { } status)
            return null;
        var type = status.Kind switch { FileKind.Character => "c", FileKind.Block => "b", _ => "" };
        return type.Length == 0 ? null : new OciRuntime.Device { Path = target, Type = type, Major = status.NodeMajor, Minor = status.NodeMinor, FileMode = status.Mode & 0xFFF, Uid = status.Uid, Gid = status.Gid };
    }

    private static OciRuntime.DeviceRule Rule(string type, long major, long minor, string access) => new() { Allow = true, Type = type, Major = major, Minor = minor, Access = access };

    private static long? Wild(string text) => text == "*" ? null : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw NaruException.Invalid($"invalid device cgroup rule format: '{text}'");
}
