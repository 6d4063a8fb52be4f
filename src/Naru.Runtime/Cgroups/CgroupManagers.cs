using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.State;

namespace Naru.Runtime.Cgroups;

/// <summary>Chooses the manager of a container's cgroup: by what the machine has mounted and what is asked for, or by what was kept of it.</summary>
internal static class CgroupManagers
{
    /// <summary>For a new container.</summary>
    /// <param name="systemd">--systemd-cgroup: systemd is there, which was looked at before anything was made.</param>
    /// <param name="rootless">For an unprivileged user.</param>
    /// <exception cref="NaruException">InvalidArgument: a cgroupsPath of another form; FailedPrecondition: no cgroups, or none for an unprivileged user.</exception>
    public static CgroupManager For(Spec spec, string id, bool systemd, bool rootless)
    {
        var mounts = CgroupMounts.Discover();
        if (mounts.Count == 0)
            throw NaruException.Precondition("no cgroup mount found in mountinfo");
        var path = spec.Linux?.CgroupsPath ?? "";
        var owner = OwnerOf(spec);
        if (!systemd)
            return ByFolders(new Cgroup(FoldersOf(mounts, path, id)), rootless, path.Length == 0, owner);
        if (rootless && !CgroupMounts.IsUnified(mounts))
            throw NaruException.Precondition("cannot use rootless systemd cgroups manager on cgroup v1");
        var unit = SystemdUnit.Of(path, id, rootless);
        var folder = unit.PathInHierarchy();
        if (rootless)
        {
            using var bus = SystemdBus.Open(user: true);
            folder = bus.ControlGroup() + folder;
        }

        var folders = mounts.ToDictionary(mount => mount.Name, mount => mount.FolderOf(folder));
        return new SystemdManager(ByFolders(new Cgroup(folders), rootless, lenient: false, owner), unit, rootless) { Id = id, Annotations = spec.Annotations };
    }

    /// <summary>Of a container that there is.</summary>
    public static CgroupManager Of(ContainerState state)
    {
        var folders = ByFolders(new Cgroup(state.Cgroups), state.RootlessCgroup, lenient: true, owner: null);
        return state.CgroupUnit is { } unit ? new SystemdManager(folders, new SystemdUnit(unit, ""), state.RootlessCgroup) { Id = state.Id } : folders;
    }

    /// <summary>The folder of each hierarchy.</summary>
    /// <param name="path">linux.cgroupsPath: from the top if it begins with a slash; else below the runtime's own cgroup (v1), or beside it (v2, where a cgroup with processes has none below).</param>
    /// <param name="id">The name where there is no path.</param>
    public static IReadOnlyDictionary<string, string> FoldersOf(IReadOnlyList<CgroupMount> mounts, string path, string id)
    {
        var unified = CgroupMounts.IsUnified(mounts);
        var (absolute, inner) = (path.StartsWith('/'), Clean(path.Length == 0 ? id : path));
        var folders = new Dictionary<string, string>();
        foreach (var mount in mounts)
        {
            var parent = absolute ? "/" : unified ? Path.GetDirectoryName(mount.Own) ?? "/" : mount.Own;
            folders[mount.Name] = mount.FolderOf(parent == "/" ? $"/{inner}" : $"{parent}/{inner}").TrimEnd('/');
        }

        return folders;
    }

    private static CgroupManager ByFolders(Cgroup cgroup, bool rootless, bool lenient, uint? owner) => cgroup.IsUnified || cgroup.Folders.Count == 0
        ? new UnifiedManager(cgroup) { Rootless = rootless, Lenient = lenient, Owner = owner }
        : new LegacyManager(cgroup, rootless, lenient);

    /// <summary>No part of a path leads up, or outside.</summary>
    private static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part is not ("." or ".."))
                parts.Add(part);
        }

        return string.Join('/', parts);
    }

    /// <summary>Who owns the cgroup, as the host counts: the process's user, where it sees the cgroup as the top of its own namespace and may write there; null where that is root.</summary>
    private static uint? OwnerOf(Spec spec)
    {
        var namespaces = spec.Linux?.Namespaces ?? [];
        if (!namespaces.Any(entry => entry is { Type: "cgroup", Path: null or "" }))
            return null;
        if (spec.Mounts?.Any(mount => mount is { Source: "cgroup" } && mount.Destination.TrimEnd('/') == "/sys/fs/cgroup" && mount.Options?.LastOrDefault(option => option is "ro" or "rw") != "ro") != true)
            return null;
        var uid = spec.Process?.User?.Uid ?? 0;
        if (!namespaces.Any(entry => entry.Type == "user"))
            return uid == 0 ? null : uid;
        foreach (var map in spec.Linux?.UidMappings ?? [])
        {
            if (uid >= map.ContainerId && uid - map.ContainerId < map.Size)
                return map.HostId + (uid - map.ContainerId);
        }

        return null;
    }
}
