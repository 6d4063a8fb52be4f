namespace Naru.Linux;

/// <summary>
/// Where a path of a tree leads when every link in it, the last one too, is read as if the tree's root were «/» and no «..» leads above it. Walked one
/// name at a time from open folders, so that nothing outside can be reached even while the tree changes.
/// </summary>
/// <remarks>What is missing stays missing until <see cref="MakeFolders"/>. Owns the folders on its way but the root.</remarks>
public sealed class TreePath : IDisposable
{
    private const int MaximumLinks = 255;

    private readonly TreeFolder root;
    private readonly List<TreeFolder> folders = [];
    private readonly List<byte[]> names = [];
    private readonly List<byte[]> missing = [];
    private byte[]? file;
    private TreeStatus fileStatus;

    private TreePath(TreeFolder root) => this.root = root;

    /// <summary>The deepest folder on the way that is there.</summary>
    public TreeFolder Folder => folders.Count > 0 ? folders[^1] : root;

    /// <summary>Whether the whole path is there.</summary>
    public bool Exists => missing.Count == 0;

    public bool IsFolder => Exists && file is null;

    /// <summary>Of the last part in <see cref="Folder"/>: a file's name, or that of what is missing; empty for the folder itself.</summary>
    public byte[] Name => file ?? (missing.Count > 0 ? missing[^1] : []);

    /// <summary>How many names are missing at the end.</summary>
    public int Missing => missing.Count;

    /// <summary>What is there.</summary>
    public TreeStatus Status
    {
        get
        {
            if (file is not null)
                return fileStatus;
            Folder.TryStatus(default, out var status);
            return status;
        }
    }

    /// <summary>The real path of <see cref="Folder"/>, relative to the root.</summary>
    public byte[] FolderPath
    {
        get
        {
            List<byte> path = [];
            foreach (var name in names)
                Append(path, name);
            return [.. path];
        }
    }

    /// <summary>The real path, relative to the root, with what is missing.</summary>
    public byte[] Path
    {
        get
        {
            List<byte> path = [.. FolderPath];
            foreach (var name in missing)
                Append(path, name);
            if (file is not null)
                Append(path, file);
            return [.. path];
        }
    }

    /// <exception cref="LinuxException">ELOOP: too many links; ENOTDIR: a file where a folder must be; ENAMETOOLONG.</exception>
    public static TreePath Resolve(TreeFolder root, ReadOnlySpan<byte> path)
    {
        var result = new TreePath(root);
        try
        {
            result.Walk(path);
            return result;
        }
        catch
        {
            result.Dispose();
            throw;
        }
    }

    /// <summary>Makes the missing folders, all but the last <paramref name="keep"/> names.</summary>
    /// <param name="made">Called for each that was made, with the folder that holds it.</param>
    public void MakeFolders(int keep, uint mode, Action<TreeFolder, byte[]> made)
    {
        while (missing.Count > keep)
        {
            var name = missing[0];
            if (Folder.MakeFolder(name, mode))
                made(Folder, name);
            Push(name);
            missing.RemoveAt(0);
        }
    }

    public void Dispose()
    {
        foreach (var folder in folders)
            folder.Dispose();
        folders.Clear();
    }

    private void Walk(ReadOnlySpan<byte> path)
    {
        var pending = new Stack<byte[]>();
        Expect(pending, path);
        var links = 0;
        while (pending.TryPop(out var name))
        {
            if (file is not null)
                throw new LinuxException(Errno.ENOTDIR, "lstat", $"/{At.Text(Path)}/{At.Text(name)}");
            if (name.AsSpan().SequenceEqual(".."u8))
            {
                Leave();
                continue;
            }

            if (missing.Count > 0 || !Folder.TryStatus(name, out var status))
            {
                missing.Add(name);
            }
            else if (status.Kind == TreeEntryKind.Symlink)
            {
                if (++links > MaximumLinks)
                    throw new LinuxException(Errno.ELOOP, "open", $"/{At.Text(Path)}");
                var target = Folder.ReadLink(name);
                if (target is [(byte)'/', ..])
                    LeaveAll();
                Expect(pending, target);
            }
            else if (status.IsFolder)
            {
                Push(name);
            }
            else
            {
                (file, fileStatus) = (name, status);
            }
        }
    }

    private static void Expect(Stack<byte[]> pending, ReadOnlySpan<byte> path)
    {
        if (path.Length > At.MaximumPath)
            throw new LinuxException(Errno.ENAMETOOLONG, "open", At.Text(path[..100]) + "…");
        List<byte[]> parts = [];
        foreach (var range in path.Split((byte)'/'))
        {
            var part = path[range];
            if (!part.IsEmpty && !part.SequenceEqual("."u8))
                parts.Add(part.ToArray());
        }

        for (var i = parts.Count - 1; i >= 0; i--)
            pending.Push(parts[i]);
    }

    private void Push(byte[] name)
    {
        folders.Add(Folder.Enter(name));
        names.Add(name);
    }

    private void Leave()
    {
        if (missing.Count > 0)
        {
            missing.RemoveAt(missing.Count - 1);
        }
        else if (folders.Count > 0)
        {
            folders[^1].Dispose();
            folders.RemoveAt(folders.Count - 1);
            names.RemoveAt(names.Count - 1);
        }
    }

    private void LeaveAll()
    {
        while (folders.Count > 0)
            Leave();
    }

    private static void Append(List<byte> path, byte[] name)
    {
        if (path.Count > 0)
            path.Add((byte)'/');
        path.AddRange(name);
    }
}
