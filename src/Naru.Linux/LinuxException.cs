namespace Naru.Linux;

/// <summary>A system call that failed: which call, on which path or object, with which errno.</summary>
/// <remarks>Made in <see cref="Errno"/> and nowhere else. The message reads as Go's PathError does: «mount /x: no such file or directory».</remarks>
public sealed class LinuxException(int errno, string call, string? path = null)
    : IOException(path is null ? $"{call}: {Errno.Text(errno)}" : $"{call} {path}: {Errno.Text(errno)}")
{
    public int Number { get; } = errno;

    public string Call { get; } = call;

    public string? Path { get; } = path;
}
