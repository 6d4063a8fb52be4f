using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Rootfs;
using OciMount = Naru.Oci.Runtime.Mount;

namespace Naru.Runtime.Checkpoint;

/// <summary>The mounts of a container whose content is the host's: CRIU notes them by their place, and is told at a restore what to mount there.</summary>
internal static class ExternalMounts
{
    private const string Null = "/dev/null";

    /// <param name="pid">The container's first process.</param>
    public static void AddToDump(CriuRequest request, Spec spec, IReadOnlyDictionary<string, string> cgroups, string rootfs, int pid)
    {
        using var root = new ContainerRoot(rootfs);
        foreach (var mount in spec.Mounts ?? [])
        {
            if (MountSources.IsMapped(mount))
                throw NaruException.Precondition($"cannot checkpoint: mount {mount.Destination} shows its files under other ids, which CRIU cannot restore");
            if (MountOptions.Parse(mount.Options).IsBind)
                AddPlace(request, PlaceOf(root, mount.Destination));
            else if (IsOfHierarchies(mount, spec, cgroups))
                ForHierarchies(mount, cgroups, (place, _) => AddPlace(request, place));
        }

        using var inside = new ContainerRoot($"/proc/{pid}/root");
        foreach (var path in spec.Linux?.MaskedPaths ?? [])
        {
            using var masked = inside.TryOpen(path);
            if (masked is not null && Files.Status(masked).Kind != FileKind.Directory)
                request.External(path, Null);
        }

        ForDevices(spec, path => AddPlace(request, path));
    }

    /// <param name="bundle">What relative sources are relative to.</param>
    public static void AddToRestore(CriuRequest request, Spec spec, IReadOnlyDictionary<string, string> cgroups, string rootfs, string bundle)
    {
        using var root = new ContainerRoot(rootfs);
        foreach (var mount in spec.Mounts ?? [])
        {
            if (MountOptions.Parse(mount.Options).IsBind)
                request.External(PlaceOf(root, mount.Destination), MountSources.PathOf(mount, bundle));
            else if (IsOfHierarchies(mount, spec, cgroups))
                ForHierarchies(mount, cgroups, request.External);
        }

        if (spec.Linux?.MaskedPaths is { Count: > 0 })
            request.External(Null, Null);
        ForDevices(spec, path => request.External(path, path));
    }

    private static void AddPlace(CriuRequest request, string place) => request.External(place, place);

    /// <summary>With the links on the way resolved, as the mount was made; where there is nothing yet, as it is.</summary>
    private static string PlaceOf(ContainerRoot root, string destination)
    {
        using var found = root.TryOpen(destination);
        return found is null ? destination.TrimEnd('/') : root.PathOf(found);
    }

    /// <summary>v1 without a cgroup namespace: a bind mount of each hierarchy's folder. Else they are mounts as others.</summary>
    private static bool IsOfHierarchies(OciMount mount, Spec spec, IReadOnlyDictionary<string, string> cgroups)
    {
        if (mount.Type != "cgroup" || (cgroups.Count == 1 && cgroups.ContainsKey("")))
            return false;
        foreach (var entry in spec.Linux?.Namespaces ?? [])
        {
            if (entry.Type == "cgroup")
                return false;
        }

        return true;
    }

    private static void ForHierarchies(OciMount mount, IReadOnlyDictionary<string, string> cgroups, Action<string, string> add)
    {
        foreach (var (name, folder) in cgroups)
        {
            if (name.Length > 0)
                add($"{mount.Destination.TrimEnd('/')}/{CgroupFileSystemMount.LabelOf(name)}", folder);
        }
    }

    /// <summary>Those that are nodes, not mounts, CRIU restores with the file system that they are in.</summary>
    private static void ForDevices(Spec spec, Action<string> add)
    {
        foreach (var device in DeviceNodes.Standard)
            add(device.Path);
        foreach (var device in spec.Linux?.Devices ?? [])
            add(device.Path);
    }
}
