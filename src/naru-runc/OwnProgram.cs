using Naru.Linux;

namespace Naru.Runc;

/// <summary>Keeps the runtime's own file out of a container's reach (CVE-2019-5736).</summary>
/// <remarks>
/// A container that has the runtime execute /proc/self/exe could open that file through the link, and overwrite it once the runtime is gone. So the
/// runtime first executes itself again from a read-only clone of its mount that hangs in no tree: through that link the file opens for reading only.
/// </remarks>
internal static class OwnProgram
{
    private const long ReadOnlyMount = 1;

    public static void Protect(IReadOnlyList<string> words)
    {
        using (var self = Files.Open("/proc/self/exe", OpenFlags.PathOnly))
        {
            if ((Files.FileSystem(self).Flags & ReadOnlyMount) != 0)
                return;
        }

        // Kernels before 5.12, or a caller without CAP_SYS_ADMIN, have no such mounts: then the runtime goes on as it is.
        using var clone = DetachedMounts.TryReadOnlyClone("/proc/self/exe");
        if (clone is null)
            return;
        Processes.Execute(Files.PathOf(clone), ["naru-runc", .. words]);
    }
}
