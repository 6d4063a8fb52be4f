using Naru.Base;

namespace Naru.Engine.Containers;

/// <summary>What a failed start means to the user: the exit code (126 cannot be run, 127 not found, 128 else) and the HTTP status.</summary>
public static class StartFailure
{
    /// <remarks>
    /// A real shim sends the runtime's text only, so its words are looked at where no errno came along; Docker does the same.
    /// </remarks>
    public static (int Code, Exception Error) Of(Exception failure)
    {
        var text = failure.Message;
        var errno = (failure as NaruException)?.Errno ?? 0;
        if (errno == 2 || text.Contains("executable file not found", StringComparison.Ordinal) || text.Contains("no such file or directory", StringComparison.Ordinal) || text.Contains("system cannot find the file specified", StringComparison.Ordinal))
            return (127, Refused(failure));
        if (text.Contains("is a directory", StringComparison.Ordinal))
            return (126, Refused(failure, ": permission denied"));
        if (errno is 13 or 21 || text.Contains("permission denied", StringComparison.Ordinal) || text.Contains("not a directory", StringComparison.Ordinal) || text.Contains("exec format error", StringComparison.Ordinal))
            return (126, Refused(failure));
        return (128, failure);
    }

    private static NaruException Refused(Exception failure, string more = "") =>
        new(ErrorKind.InvalidArgument, failure.Message + more, failure);
}
