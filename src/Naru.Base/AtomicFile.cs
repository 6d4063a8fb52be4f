namespace Naru.Base;

/// <summary>The one way a file that matters is written: a crash at any point leaves the old content or the new, never a half.</summary>
public static class AtomicFile
{
    /// <summary>Writes <paramref name="content"/> to <paramref name="path"/>: temporary file beside it, fsync, rename, fsync of the folder.</summary>
    /// <param name="mode">Permission bits of the new file; 0600 unless told.</param>
    /// <param name="durable">False leaves out both fsyncs: for state under /run, which does not outlive the machine's power anyway.</param>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode = UnixFileMode.UserRead | UnixFileMode.UserWrite, bool durable = true)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{Environment.ProcessId}.{Environment.CurrentManagedThreadId}.tmp");
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write, preallocationSize: 0))
            {
                File.SetUnixFileMode(handle, mode);
                RandomAccess.Write(handle, content, 0);
                if (durable)
                    RandomAccess.FlushToDisk(handle);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        if (durable)
            SyncFolder(folder);
    }

    /// <summary>Makes renames, creations and removals in <paramref name="folder"/> durable.</summary>
    public static void SyncFolder(string folder)
    {
        using var handle = DirectoryHandle.Open(folder);
        RandomAccess.FlushToDisk(handle);
    }
}
