using System.Runtime.InteropServices;

namespace Naru.Linux;

/// <summary>spawn.h; both structs are opaque: 80 and 336 bytes in glibc on x86-64, given more room here.</summary>
internal static unsafe partial class Libc
{
    public const int SPAWN_STRUCT_SIZE = 512;

    public const short POSIX_SPAWN_SETSIGDEF = 4, POSIX_SPAWN_SETSIGMASK = 8, POSIX_SPAWN_SETSID = 0x80;

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_init(void* attr);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_destroy(void* attr);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setflags(void* attr, short flags);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setsigmask(void* attr, ulong* mask);

    [LibraryImport(Library)]
    public static partial int posix_spawnattr_setsigdefault(void* attr, ulong* mask);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_init(void* actions);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_destroy(void* actions);

    [LibraryImport(Library)]
    public static partial int posix_spawn_file_actions_adddup2(void* actions, int fd, int newfd);

    /// <returns>An errno; 0 is success.</returns>
    [LibraryImport(Library)]
    public static partial int posix_spawnp(int* pid, byte* file, void* actions, void* attr, byte** argv, byte** envp);
}
