namespace Naru.Base;

/// <summary>The tables from an error's kind to the protocols: HTTP status and gRPC (and ttrpc) status code, and back.</summary>
public static class ErrorTables
{
    /// <summary>HTTP status, as the Docker Engine answers it (moby's errdefs).</summary>
    public static int ToHttp(ErrorKind kind) => kind switch
    {
        ErrorKind.NotFound => 404,
        ErrorKind.AlreadyExists or ErrorKind.Conflict => 409,
        ErrorKind.InvalidArgument => 400,
        ErrorKind.NotModified => 304,
        ErrorKind.FailedPrecondition => 409,
        ErrorKind.PermissionDenied => 403,
        ErrorKind.Unauthenticated => 401,
        ErrorKind.Unavailable => 503,
        ErrorKind.Unimplemented => 501,
        _ => 500,
    };

    /// <summary>gRPC status code (google.rpc.Code); containerd's errdefs uses the same mapping.</summary>
    public static int ToGrpc(ErrorKind kind) => kind switch
    {
        ErrorKind.Canceled => 1,
        ErrorKind.InvalidArgument => 3,
        ErrorKind.DeadlineExceeded => 4,
        ErrorKind.NotFound => 5,
        ErrorKind.AlreadyExists => 6,
        ErrorKind.PermissionDenied => 7,
        ErrorKind.FailedPrecondition or ErrorKind.NotModified => 9,
        ErrorKind.Conflict => 10,
        ErrorKind.Unimplemented => 12,
        ErrorKind.Internal => 13,
        ErrorKind.Unavailable => 14,
        ErrorKind.Unauthenticated => 16,
        _ => 2,
    };

    public static ErrorKind FromGrpc(int code) => code switch
    {
        1 => ErrorKind.Canceled,
        3 or 11 => ErrorKind.InvalidArgument,
        4 => ErrorKind.DeadlineExceeded,
        5 => ErrorKind.NotFound,
        6 => ErrorKind.AlreadyExists,
        7 => ErrorKind.PermissionDenied,
        9 => ErrorKind.FailedPrecondition,
        10 => ErrorKind.Conflict,
        12 => ErrorKind.Unimplemented,
        14 => ErrorKind.Unavailable,
        16 => ErrorKind.Unauthenticated,
        _ => ErrorKind.Internal,
    };
}
