using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Runtime.Init;

namespace Naru.Runtime.Rootfs;

/// <summary>linux.readonlyPaths and linux.maskedPaths. Paths that the container does not have are passed over.</summary>
/// <remarks>Before the root is switched: the null device that covers files is the host's, and verified, not what an image calls so (CVE-2025-31133).</remarks>
internal static class PathProtection
{
    public static void MakeReadOnly(ContainerRoot root, IReadOnlyList<string> paths)
    {
        foreach (var path in paths)
        {
            using var target = root.TryOpen(path);
            if (target is null)
                continue;
            ContainerRoot.Mount(Files.PathOf(target), target, path, null, MountFlags.Bind | MountFlags.Recursive);
            using var mounted = root.Open(path);
            MountAttributes.MakeReadOnly(mounted, path);
        }
    }

    /// <summary>Files are covered by the null device, folders by one empty file system, which all of them show.</summary>
    /// <param name="label">SELinux' of that file system.</param>
    public static void Mask(ContainerRoot root, IReadOnlyList<string> paths, string? label)
    {
        if (paths.Count == 0)
            return;
        using var nothing = OpenNull();
        SafeFileHandle? empty = null;
        foreach (var path in paths)
        {
            try
            {
                using var target = root.TryOpen(path);
                if (target is null)
                    continue;
                if ((Files.Status(target).Kind == FileKind.Directory ? empty : nothing) is { } cover)
                {
                    ContainerRoot.Mount(Files.PathOf(cover), target, path, null, MountFlags.Bind);
                }
                else
                {
                    ContainerRoot.Mount("tmpfs", target, path, "tmpfs", MountFlags.ReadOnly, Selinux.WithContext("nr_blocks=1,nr_inodes=1", label));
                    empty = root.Open(path);
                }
            }
            catch (Exception failure) when (failure is LinuxException or NaruException)
            {
                throw new NaruException(ErrorKind.Internal, $"can't mask path \"{path}\": {failure.Message}", failure);
            }
        }

        empty?.Dispose();
    }

    private static SafeFileHandle OpenNull()
    {
        var handle = Files.Open("/dev/null", OpenFlags.PathOnly | OpenFlags.NoFollow);
        if (Files.Status(handle) is { Kind: FileKind.Character, NodeMajor: 1, NodeMinor: 3 })
            return handle;
        handle.Dispose();
        throw NaruException.Precondition("can't mask paths: /dev/null is not the null device (1:3)");
    }
}
