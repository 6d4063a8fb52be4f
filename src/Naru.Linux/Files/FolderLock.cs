using Microsoft.Win32.SafeHandles;

namespace Naru.Linux;

/// <summary>Keeps a folder for one process: flock(2) on a file in it, gone with the process whatever ends it.</summary>
public sealed class FolderLock : IDisposable
{
    private const uint OwnerOnly = 0x180;
    private readonly SafeFileHandle file;

    private FolderLock(SafeFileHandle file) => this.file = file;

    /// <summary>Takes the lock, or null when another process has it.</summary>
    public static FolderLock? TryTake(string path)
    {
        // Not File.OpenHandle: it takes a flock(2) of its own, and throws when another has the file's.
        var file = Files.Open(path, OpenFlags.ReadWrite | OpenFlags.Create, OwnerOnly);
        if (Libc.flock_file((int)file.DangerousGetHandle(), Libc.FLOCK_EX | Libc.FLOCK_NB) == 0)
            return new FolderLock(file);
        file.Dispose();
        return null;
    }

    public void Dispose() => file.Dispose();
}
