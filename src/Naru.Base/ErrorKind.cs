namespace Naru.Base;

/// <summary>What kind of failure an error is: the one thing that callers and wire formats branch on, never its text.</summary>
public enum ErrorKind
{
    Internal = 0,
    NotFound,
    AlreadyExists,
    InvalidArgument,
    Conflict,
    NotModified,
    FailedPrecondition,
    PermissionDenied,
    Unauthenticated,
    Unavailable,
    Unimplemented,
    Canceled,
    DeadlineExceeded,
}
