using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Init;

namespace Naru.Runtime.SpecValidation;

/// <summary>What config.json asks for that only a namespace of the container's own can give.</summary>
internal static class NamespaceChecks
{
    /// <summary>By the configuration alone.</summary>
    /// <exception cref="NaruException">InvalidArgument</exception>
    public static void Check(Spec spec)
    {
        var linux = spec.Linux ?? new LinuxSpec();
        if (!string.IsNullOrEmpty(spec.Hostname) && Find(linux, "uts") is null)
            throw NaruException.Invalid("unable to set hostname without a private UTS namespace");
        if (!string.IsNullOrEmpty(spec.Domainname) && Find(linux, "uts") is null)
            throw NaruException.Invalid("unable to set domainname without a private UTS namespace");
        if ((linux.MaskedPaths is { Count: > 0 } || linux.ReadonlyPaths is { Count: > 0 }) && Find(linux, "mount") is null)
            throw NaruException.Invalid("unable to restrict sys entries without a private MNT namespace");
        if (Find(linux, "mount") is null)
            throw NaruException.Invalid("a container needs a mount namespace: its mounts would be the host's");
        CheckUsers(linux);
        CheckTime(linux);
        foreach (var name in linux.Sysctl?.Keys ?? [])
            CheckSysctl(name, linux);
    }

    /// <summary>By what the namespaces' paths are now: a namespace that is the host's holds the host's settings.</summary>
    public static void CheckPaths(Spec spec)
    {
        var linux = spec.Linux ?? new LinuxSpec();
        if (IsOwn(Find(linux, "mount"), "/proc/self/ns/mnt"))
            throw NaruException.Invalid("a container needs a mount namespace, and the one at its path is the runtime's own: its mounts would be the host's");
        foreach (var name in linux.Sysctl?.Keys ?? [])
        {
            if (Sysctls.DottedOf(name).StartsWith("net.", StringComparison.Ordinal) && IsOwn(Find(linux, "network"), "/proc/self/ns/net"))
                throw NaruException.Invalid($"sysctl \"{name}\" not allowed in host network namespace");
        }

        if (Find(linux, "user") is { Path.Length: > 0 } joined && (linux.UidMappings is { Count: > 0 } || linux.GidMappings is { Count: > 0 }))
        {
            var (uids, gids) = UserNamespaces.MapsOf(joined.Path);
            if (!IsSame(uids, linux.UidMappings) || !IsSame(gids, linux.GidMappings))
                throw NaruException.Invalid("user namespaces enabled, but both namespace path and non-matching mapping specified -- you may only provide one");
        }
    }

    /// <summary>Container ids to ids outside; that of one in particular, or null.</summary>
    public static uint? HostIdOf(IReadOnlyList<IdMapping>? mappings, uint id)
    {
        foreach (var mapping in mappings ?? [])
        {
            if (id >= mapping.ContainerId && id - mapping.ContainerId < mapping.Size)
                return mapping.HostId + (id - mapping.ContainerId);
        }

        return null;
    }

    private static void CheckUsers(LinuxSpec linux)
    {
        if (Find(linux, "user") is not { } user)
        {
            if (linux.UidMappings is { Count: > 0 } || linux.GidMappings is { Count: > 0 })
                throw NaruException.Invalid("user namespace mappings specified, but user namespace isn't enabled in the config");
            return;
        }

        if (!string.IsNullOrEmpty(user.Path))
            return;
        if (linux.UidMappings is not { Count: > 0 })
            throw NaruException.Invalid("user namespaces enabled, but no uid mappings found");
        if (linux.GidMappings is not { Count: > 0 })
            throw NaruException.Invalid("user namespaces enabled, but no gid mappings found");
        // Root builds the container, whoever runs in it.
        if (HostIdOf(linux.UidMappings, 0) is null)
            throw NaruException.Invalid("user namespaces enabled, but no mapping found for uid 0");
        if (HostIdOf(linux.GidMappings, 0) is null)
            throw NaruException.Invalid("user namespaces enabled, but no mapping found for gid 0");
    }

    private static void CheckTime(LinuxSpec linux)
    {
        if (linux.TimeOffsets is not { Count: > 0 } offsets)
            return;
        if (Find(linux, "time") is not { } time)
            throw NaruException.Invalid("time namespace offsets specified, but time namespace isn't enabled in the config");
        if (!string.IsNullOrEmpty(time.Path))
            throw NaruException.Invalid("time namespace enabled, but both namespace path and time offsets specified -- you may only provide one");
        if (offsets.Keys.FirstOrDefault(clock => clock is not ("monotonic" or "boottime")) is { } unknown)
            throw NaruException.Invalid($"timeOffsets: unknown clock \"{unknown}\", want monotonic or boottime");
    }

    private static void CheckSysctl(string name, LinuxSpec linux)
    {
        var dotted = Sysctls.DottedOf(name);
        if (dotted.Contains("..", StringComparison.Ordinal) || name.Contains("..", StringComparison.Ordinal))
            throw NaruException.Invalid($"sysctl \"{name}\" is not in a separate kernel namespace");
        if (IsIpc(dotted))
        {
            if (Find(linux, "ipc") is null)
                throw NaruException.Invalid($"sysctl \"{name}\" is not allowed in the hosts ipc namespace");
        }
        else if (dotted.StartsWith("net.", StringComparison.Ordinal))
        {
            if (Find(linux, "network") is null)
                throw NaruException.Invalid($"sysctl \"{name}\" not allowed in host network namespace");
        }
        else if (dotted == "kernel.hostname" && Find(linux, "uts") is not null)
        {
            throw NaruException.Invalid($"sysctl \"{name}\" is not allowed as it conflicts with the OCI \"hostname\" field");
        }
        else if (dotted != "kernel.domainname" || Find(linux, "uts") is null)
        {
            throw NaruException.Invalid($"sysctl \"{name}\" is not in a separate kernel namespace");
        }
    }

    private static bool IsIpc(string sysctl) => sysctl is "kernel.msgmax" or "kernel.msgmnb" or "kernel.msgmni" or "kernel.sem" or "kernel.shmall"
        or "kernel.shmmax" or "kernel.shmmni" or "kernel.shm_rmid_forced" || sysctl.StartsWith("fs.mqueue.", StringComparison.Ordinal);

    private static LinuxNamespace? Find(LinuxSpec linux, string type)
    {
        foreach (var entry in linux.Namespaces ?? [])
        {
            if (entry.Type == type)
                return entry;
        }

        return null;
    }

    private static bool IsOwn(LinuxNamespace? entry, string own) =>
        entry is { Path.Length: > 0 } && Files.TryStatus(entry.Path) is { } joined && Files.TryStatus(own) is { } mine && joined.SameFile(mine);

    private static bool IsSame(IReadOnlyList<(uint Inside, uint Outside, uint Count)> found, IReadOnlyList<IdMapping>? asked)
    {
        if (found.Count != (asked?.Count ?? 0))
            return false;
        for (var index = 0; index < found.Count; index++)
        {
            if ((asked![index].ContainerId, asked[index].HostId, asked[index].Size) != found[index])
                return false;
        }

        return true;
    }
}
