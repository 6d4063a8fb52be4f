namespace Naru.Base;

/// <summary>A failure that is meant for a reader: its kind says how it travels, its message what was wrong and with what.</summary>
public class NaruException(ErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public ErrorKind Kind { get; } = kind;

    /// <summary>The errno behind the failure where there is one (it crosses ttrpc and gRPC as data), else 0.</summary>
    public int Errno { get; init; }

    public static NaruException NotFound(string message) => new(ErrorKind.NotFound, message);

    public static NaruException Invalid(string message) => new(ErrorKind.InvalidArgument, message);

    public static NaruException Conflict(string message) => new(ErrorKind.Conflict, message);

    public static NaruException Exists(string message) => new(ErrorKind.AlreadyExists, message);

    public static NaruException Precondition(string message) => new(ErrorKind.FailedPrecondition, message);
}
