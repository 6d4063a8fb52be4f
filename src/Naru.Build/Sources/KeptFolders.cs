using Naru.Build.Context;

namespace Naru.Build.Sources;

/// <summary>Folders of a source's cache: one a key, kept between builds, the longest unused removed beyond a size. One user at a time makes a folder's content.</summary>
/// <remarks>Below the root, <c>KEY/</c> is a folder's; its time is when it was last used.</remarks>
internal sealed class KeptFolders(string root, long maximumBytes)
{
    private readonly Dictionary<string, Slot> slots = [];

    /// <summary>The folder of a key, held: nobody else makes its content meanwhile, and it stays until released.</summary>
    public async Task<KeptFolder> Hold(string key, CancellationToken cancel)
    {
        Slot? slot;
        lock (slots)
        {
            if (!slots.TryGetValue(key, out slot))
                slots[key] = slot = new Slot();
            slot.Users++;
        }

        try
        {
            await slot.Making.WaitAsync(cancel);
        }
        catch
        {
            Release(key);
            throw;
        }

        var path = Path.Combine(root, key);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.SetLastWriteTimeUtc(path, DateTime.UtcNow);
        return new KeptFolder(path, () => slot.Making.Release(), () => Release(key));
    }

    /// <summary>Removes the longest unused until the rest is within the size; none in use.</summary>
    /// <returns>Bytes that were freed.</returns>
    public long Trim(long? most = null)
    {
        if (!Directory.Exists(root))
            return 0;
        List<DirectoryInfo> folders = [.. new DirectoryInfo(root).GetDirectories()];
        folders.Sort(static (a, b) => a.LastWriteTimeUtc.CompareTo(b.LastWriteTimeUtc));
        Dictionary<string, long> sizes = [];
        long total = 0, freed = 0;
        foreach (var folder in folders)
            total += sizes[folder.Name] = Linux.DiskUsage.Of(folder.FullName).Bytes;
        foreach (var folder in folders)
        {
            if (total - freed <= (most ?? maximumBytes))
                break;
            lock (slots)
            {
                if (slots.ContainsKey(folder.Name))
                    continue;
                Remove(folder.FullName);
            }

            freed += sizes[folder.Name];
        }

        return freed;
    }

    /// <summary>All that is kept; its time of writing is when it was used last.</summary>
    public IReadOnlyList<DirectoryInfo> List() => Directory.Exists(root) ? new DirectoryInfo(root).GetDirectories() : [];

    public bool IsUsed(string key)
    {
        lock (slots)
            return slots.ContainsKey(key);
    }

    /// <summary>Removes one that nobody uses.</summary>
    /// <returns>False: it is used again.</returns>
    public bool TryRemove(string key)
    {
        lock (slots)
        {
            if (slots.ContainsKey(key))
                return false;
            Remove(Path.Combine(root, key));
            return true;
        }
    }

    /// <summary>Removes a folder with all in it, whatever its names.</summary>
    public static void Remove(string path)
    {
        using var above = Linux.TreeFolder.Open(Path.GetDirectoryName(path)!);
        above.RemoveTree(System.Text.Encoding.UTF8.GetBytes(Path.GetFileName(path)));
    }

    private void Release(string key)
    {
        lock (slots)
        {
            if (--slots[key].Users == 0)
                slots.Remove(key);
        }
    }

    private sealed class Slot
    {
        public SemaphoreSlim Making { get; } = new(1);

        public int Users { get; set; }
    }
}
