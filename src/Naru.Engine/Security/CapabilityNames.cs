using Naru.Base;

namespace Naru.Engine.Security;

/// <summary>capabilities(7): the names, Docker's default fourteen, and what --cap-add, --cap-drop and --privileged make of them.</summary>
public static class CapabilityNames
{
    /// <summary>All, in the kernel's order.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK",
        "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN",
        "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE",
        "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
        "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
    ];

    /// <summary>What a container has unless told.</summary>
    public static IReadOnlyList<string> Default { get; } =
    [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP",
        "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
    ];

    /// <summary>Those that this process may give: its own bounding set (/proc/self/status, CapBnd).</summary>
    public static IReadOnlyList<string> Available { get; } = ReadAvailable();

    /// <summary>Upper case with CAP_, or ALL.</summary>
    /// <exception cref="NaruException">InvalidArgument: no such capability.</exception>
    public static IReadOnlyList<string> Normalise(IReadOnlyList<string>? names, string field)
    {
        List<string> result = [];
        foreach (var name in names ?? [])
        {
            var full = name.ToUpperInvariant();
            if (full == "ALL")
            {
                result.Add(full);
                continue;
            }

            if (!full.StartsWith("CAP_", StringComparison.Ordinal))
                full = "CAP_" + full;
            if (!All.Contains(full))
                throw NaruException.Invalid($"invalid {field}: unknown capability: \"{full}\"");
            if (!Available.Contains(full))
                throw NaruException.Invalid($"invalid {field}: capability not supported by your kernel or not available in the current environment: \"{full}\"");
            result.Add(full);
        }

        return result;
    }

    public static IReadOnlyList<string> Resolve(IReadOnlyList<string>? add, IReadOnlyList<string>? drop, bool privileged)
    {
        if (privileged)
            return Available;
        var adds = Normalise(add, "CapAdd");
        var drops = Normalise(drop, "CapDrop");
        if (adds.Contains("ALL"))
            return [.. Available.Where(name => !drops.Contains(name))];
        List<string> result = drops.Contains("ALL") ? [] : [.. Default.Where(name => !drops.Contains(name))];
        result.AddRange(adds.Where(name => !result.Contains(name)));
        return result;
    }

    private static IReadOnlyList<string> ReadAvailable()
    {
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (!line.StartsWith("CapBnd:", StringComparison.Ordinal))
                continue;
            var bits = Convert.ToUInt64(line[7..].Trim(), 16);
            return [.. All.Where((_, number) => (bits & (1UL << number)) != 0)];
        }

        return All;
    }
}
