using Naru.Base;
using Naru.Linux;
using Naru.Runtime.Init;
using OciMount = Naru.Oci.Runtime.Mount;

namespace Naru.Runtime.Rootfs;

/// <summary>The cgroup file system as the machine has it: one hierarchy (v2), or a tmpfs with one folder for each (v1).</summary>
/// <param name="folders">The container's cgroup, hierarchy to folder, as <see cref="Cgroup.Folders"/>; empty where it has none of its own.</param>
/// <param name="ownNamespace">Whether the container has a cgroup namespace: then the kernel shows it its own part. Without, v1 is bind-mounted from the container's folders on.</param>
/// <param name="label">SELinux' of the folder that holds the hierarchies of v1; the kernel labels those itself.</param>
internal sealed class CgroupFileSystemMount(IReadOnlyDictionary<string, string> folders, bool ownNamespace, string? label)
{
    private const string Usual = "/sys/fs/cgroup";

    private const MountFlags Safe = MountFlags.NoSuid | MountFlags.NoDev | MountFlags.NoExec;

    public void Make(ContainerRoot root, OciMount mount, MountOptions options)
    {
        if (folders.Count == 0 ? CgroupMounts.IsUnified(CgroupMounts.Discover()) : folders.Count == 1 && folders.ContainsKey(""))
            MountUnified(root, mount, options);
        else
            MountHierarchies(root, mount, options);
    }

    /// <summary>The name of a v1 hierarchy's folder below the mount.</summary>
    public static string LabelOf(string name) => name.StartsWith("name=", StringComparison.Ordinal) ? name[5..] : name;

    private void MountUnified(ContainerRoot root, OciMount mount, MountOptions options)
    {
        var bound = false;
        using (var target = root.MakeFolder(mount.Destination))
        {
            MountPlace.Check(root, mount, options, target);
            try
            {
                ContainerRoot.Mount(mount.Source ?? "cgroup", target, mount.Destination, "cgroup2", options.Set, options.Data);
            }
            catch (NaruException refused) when (refused.InnerException is LinuxException { Number: Errno.EPERM or Errno.EBUSY })
            {
                // A user namespace without a cgroup namespace of its own may not: the mount that is there stands in.
                bound = true;
                if (!TryBind(ownNamespace && folders.Count == 1 ? folders[""] : Usual, Files.PathOf(target)))
                    ContainerRoot.Mount("tmpfs", target, mount.Destination, "tmpfs", MountFlags.ReadOnly, "nr_blocks=1,nr_inodes=1");
            }
        }

        MountAttributes.Apply(root, mount.Destination, options, remount: bound && options.Set != 0);
    }

    /// <returns>False: the folder is not to be seen from here. What is below /sys stays covered then, not open for writing.</returns>
    private static bool TryBind(string folder, string target)
    {
        try
        {
            Mounts.Bind(folder, target);
            return true;
        }
        catch (LinuxException missing) when (missing.Number == Errno.ENOENT)
        {
            return false;
        }
    }

    private void MountHierarchies(ContainerRoot root, OciMount mount, MountOptions options)
    {
        using (var target = root.MakeFolder(mount.Destination))
        {
            MountPlace.Check(root, mount, options, target);
            ContainerRoot.Mount("tmpfs", target, mount.Destination, "tmpfs", options.Set & ~MountFlags.ReadOnly | Safe, Selinux.WithContext("mode=755", label));
        }

        foreach (var (name, folder) in Shown())
            MountHierarchy(root, mount.Destination, name, folder, options);
        if (options.Set.HasFlag(MountFlags.ReadOnly))
        {
            using var top = root.Open(mount.Destination);
            MountAttributes.SetFlags(top, mount.Destination, options.Set | Safe, MountFlags.None);
        }

        MountAttributes.Apply(root, mount.Destination, options, remount: false);
    }

    /// <summary>An unprivileged user may have no cgroup made in a hierarchy: the container stays in what it would have been below.</summary>
    private static string Existing(string folder)
    {
        while (Files.TryStatus(folder) is null && Path.GetDirectoryName(folder) is { Length: > 1 } parent)
            folder = parent;
        return folder;
    }

    /// <summary>Where the container has no cgroup, that of the process, which is the runtime's. The unified hierarchy beside v1's has nothing to say in a container.</summary>
    private Dictionary<string, string> Shown()
    {
        var shown = new Dictionary<string, string>(folders);
        foreach (var found in folders.Count > 0 ? [] : CgroupMounts.Discover())
            shown[found.Name] = found.Path;
        shown.Remove("");
        return shown;
    }

    /// <summary>One v1 hierarchy below the cgroup mount, with links for controllers that share it (cpu → cpu,cpuacct).</summary>
    private void MountHierarchy(ContainerRoot root, string destination, string name, string folder, MountOptions options)
    {
        var named = name.StartsWith("name=", StringComparison.Ordinal);
        var folderName = LabelOf(name);
        var path = $"{destination}/{folderName}";
        using (var target = root.MakeFolder(path))
        {
            if (ownNamespace)
                ContainerRoot.Mount("cgroup", target, path, "cgroup", options.Set | Safe, named ? $"none,{name}" : name);
            else
                ContainerRoot.Mount(Existing(folder), target, path, null, MountFlags.Bind | MountFlags.Recursive);
        }

        if (!ownNamespace)
        {
            using var mounted = root.Open(path);
            MountAttributes.SetFlags(mounted, path, options.Set | Safe, options.Clear);
        }

        if (!folderName.Contains(','))
            return;
        using var parent = root.Open(destination);
        foreach (var controller in folderName.Split(','))
            Files.MakeSymlink(folderName, parent, controller);
    }
}
