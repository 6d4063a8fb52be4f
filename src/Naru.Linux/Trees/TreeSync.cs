namespace Naru.Linux;

/// <summary>Has folders' files written to disk.</summary>
public static class TreeSync
{
    /// <summary>So many files are written one by one: with all the rest that the file system has to write, each would wait for what is nobody's concern.</summary>
    private const int Few = 64;

    /// <summary>Makes whole trees durable, and their names in the two folders above.</summary>
    /// <param name="folders">On one file system; nobody writes to them.</param>
    /// <exception cref="LinuxException"/>
    public static void Sync(IReadOnlyList<string> folders)
    {
        var left = Few;
        foreach (var path in folders)
        {
            using var folder = TreeFolder.Open(path);
            if (!TrySync(folder, ref left))
            {
                TreeWriter.Sync(path);
                return;
            }

            using var above = TreeFolder.Open(Path.Combine(path, ".."));
            above.Sync();
            using var further = TreeFolder.Open(Path.Combine(path, "..", ".."));
            further.Sync();
        }
    }

    /// <returns>False: there are too many files.</returns>
    private static bool TrySync(TreeFolder folder, ref int left)
    {
        foreach (var name in folder.Names())
        {
            if (--left < 0)
                return false;
            if (!folder.TryStatus(name, out var status))
                continue;
            if (status.IsFolder)
            {
                using var child = folder.Enter(name);
                if (!TrySync(child, ref left))
                    return false;
            }
            else if (status.Kind == TreeEntryKind.File)
            {
                using var file = folder.OpenFile(name);
                RandomAccess.FlushToDisk(file);
            }
        }

        folder.Sync();
        return true;
    }
}
