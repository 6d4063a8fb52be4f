using Naru.Base;
using Naru.Linux;

namespace Naru.Runtime.Init;

/// <summary>Finds the program of a process in the container's PATH, with the errors of Go's exec.LookPath: callers derive 126 and 127 from them.</summary>
internal static class ProgramPath
{
    /// <exception cref="NaruException">NotFound, or PermissionDenied</exception>
    public static string Find(string name, IReadOnlyList<string> environment)
    {
        if (name.Contains('/'))
        {
            return Check(name) switch
            {
                0 => name,
                Errno.ENOENT => throw NaruException.NotFound($"exec: \"{name}\": stat {name}: no such file or directory"),
                Errno.ENOTDIR => throw NaruException.NotFound($"exec: \"{name}\": stat {name}: not a directory"),
                var errno => throw new NaruException(ErrorKind.PermissionDenied, $"exec: \"{name}\": {Errno.Text(errno)}"),
            };
        }

        var path = "";
        foreach (var entry in environment)
        {
            if (entry.StartsWith("PATH=", StringComparison.Ordinal))
                path = entry[5..];
        }

        return TryFind(name, path) ?? throw NaruException.NotFound($"exec: \"{name}\": executable file not found in $PATH");
    }

    /// <summary>The first program of that name in the folders of <paramref name="path"/>; null where there is none.</summary>
    public static string? TryFind(string name, string path)
    {
        foreach (var folder in path.Split(':'))
        {
            var candidate = folder.Length == 0 ? $"./{name}" : $"{folder}/{name}";
            if (Check(candidate) == 0)
                return candidate;
        }

        return null;
    }

    private static int Check(string path)
    {
        var errno = Processes.TryAccessExecute(path);
        if (errno != 0)
            return errno;
        return Files.TryStatus(path) is { Kind: FileKind.Directory } ? Errno.EISDIR : 0;
    }
}
