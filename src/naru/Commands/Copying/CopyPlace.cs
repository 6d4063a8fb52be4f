namespace Naru.Cli.Commands.Copying;

/// <summary>What stands at one end of a copy.</summary>
/// <param name="NewName">What the source's entries are called, where a link was followed; else empty.</param>
internal sealed record CopyPlace(string Path, bool Exists, bool IsFolder, string NewName = "")
{
    private const int MaximumLinks = 10;

    /// <summary>A local source.</summary>
    /// <exception cref="ExitException">It does not exist.</exception>
    public static CopyPlace Source(string path, bool follow)
    {
        string resolved, newName = "";
        if (follow)
        {
            resolved = Resolve(path);
            (resolved, newName) = Renamed(path, resolved);
        }
        else
        {
            var slash = path.LastIndexOf('/');
            var folder = Resolve(slash <= 0 ? "/" : path[..slash]);
            resolved = (folder == "/" ? "" : folder) + path[slash..];
        }

        var info = new FileInfo(resolved.TrimEnd('/') is { Length: > 0 } trimmed ? trimmed : "/");
        if (!info.Exists && !Directory.Exists(resolved) && info.LinkTarget is null)
            throw new ExitException(1, $"lstat {resolved}: no such file or directory");
        var isFolder = Directory.Exists(resolved) && (info.LinkTarget is null || CopyPath.NamesFolder(resolved));
        return new CopyPlace(resolved, true, isFolder, newName);
    }

    /// <summary>A local destination, its links followed. What does not exist must have a folder that does.</summary>
    public static CopyPlace Destination(string path)
    {
        for (var links = 0; new FileInfo(path.TrimEnd('/') is { Length: > 0 } bare ? bare : "/").LinkTarget is { } target; links++)
        {
            if (links > MaximumLinks)
                throw new ExitException(1, $"too many symlinks in {GoText.Quote(path)}");
            path = global::System.IO.Path.IsPathRooted(target) ? target : CopyPath.Clean(CopyPath.Split(path).Folder + "/" + target);
        }

        if (Directory.Exists(path))
            return new CopyPlace(path, true, true);
        if (File.Exists(path))
            return new CopyPlace(path, true, false);
        var folder = CopyPath.Split(path).Folder;
        if (Directory.Exists(folder))
            return new CopyPlace(path, false, false);
        throw new ExitException(1, File.Exists(folder) ? "not a directory" : $"stat {folder}: no such file or directory");
    }

    /// <summary>Where a copy of <paramref name="source"/> to this place is unpacked, and under which name; a null name keeps the source's.</summary>
    /// <exception cref="ExitException">The two do not fit.</exception>
    public (string Folder, string? OldName, string? NewName) Unpack(CopyPlace source)
    {
        var (folder, name) = CopyPath.Split(Path);
        var sourceName = CopyPath.Split(source.Path).Name;
        if (Exists && IsFolder)
            return (Path, null, null);
        if (Exists && source.IsFolder)
            throw new ExitException(1, "cannot copy directory");
        if (!Exists && !source.IsFolder && CopyPath.NamesFolder(Path))
            throw new ExitException(1, "no such directory");
        return (folder, source.NewName.Length > 0 ? source.NewName : sourceName, name);
    }

    /// <summary>The name that entries take when the path was a link to another name.</summary>
    public static (string Resolved, string NewName) Renamed(string path, string resolved)
    {
        if (CopyPath.EndsInDot(path) && !CopyPath.EndsInDot(resolved))
            resolved += "/.";
        if (path.EndsWith('/') && !resolved.EndsWith('/'))
            resolved += "/";
        var (asked, found) = (Base(path), Base(resolved));
        return (resolved, asked == found ? "" : asked);

        static string Base(string of) => CopyPath.Clean(of) is var clean && clean.Contains('/') ? clean[(clean.LastIndexOf('/') + 1)..] : clean;
    }

    /// <summary>The path with every link in it followed.</summary>
    private static string Resolve(string path)
    {
        var done = "/";
        var left = new Stack<string>(((IEnumerable<string>)path.Split('/', StringSplitOptions.RemoveEmptyEntries)).Reverse());
        for (var links = 0; left.Count > 0;)
        {
            var part = left.Pop();
            if (part == ".")
                continue;
            if (part == "..")
            {
                done = global::System.IO.Path.GetDirectoryName(done) ?? "/";
                continue;
            }

            var next = global::System.IO.Path.Combine(done, part);
            var target = new FileInfo(next).LinkTarget;
            if (target is null)
            {
                done = File.Exists(next) || Directory.Exists(next) ? next : throw new ExitException(1, $"lstat {next}: no such file or directory");
                continue;
            }

            if (++links > 255)
                throw new ExitException(1, "EvalSymlinks: too many links");
            if (global::System.IO.Path.IsPathRooted(target))
                done = "/";
            foreach (var piece in ((IEnumerable<string>)target.Split('/', StringSplitOptions.RemoveEmptyEntries)).Reverse())
                left.Push(piece);
        }

        return done;
    }
}
