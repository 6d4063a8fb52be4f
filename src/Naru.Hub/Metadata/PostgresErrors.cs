using System.Net.Sockets;
using Naru.Base;
using Npgsql;

namespace Naru.Hub.Metadata;

/// <summary>What PostgreSQL and the way to it report, as the hub's own errors. Codes: PostgreSQL's manual, appendix A.</summary>
internal static class PostgresErrors
{
    /// <summary>ENOSPC.</summary>
    private const int NoSpace = 28;

    public static bool Is(Exception e) => e is NpgsqlException or SocketException or IOException or TimeoutException;

    /// <summary>The transaction left nothing, and the same work may succeed beside others that are done by then.</summary>
    public static bool MayBeRepeated(Exception e) => e is PostgresException
    {
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.ForeignKeyViolation
    };

    /// <summary>The connection is gone, or was refused: a new one may work.</summary>
    public static bool IsLostConnection(Exception e) => e switch
    {
        PostgresException refused => refused.SqlState.StartsWith("08", StringComparison.Ordinal) || refused.SqlState is PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.TooManyConnections,
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException or SocketException or IOException => true,
        _ => false,
    };

    public static NaruException Translate(Exception e) => e switch
    {
        _ when IsLostConnection(e) => new NaruException(ErrorKind.Unavailable, $"metadata: PostgreSQL does not answer: {Reason(e)}", e),
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } taken => new NaruException(ErrorKind.AlreadyExists, $"metadata: {taken.MessageText}", e),
        PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation } broken => new NaruException(ErrorKind.Conflict, $"metadata: {broken.MessageText}", e),
        // A zero byte, which SQLite takes.
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } text => new NaruException(ErrorKind.InvalidArgument, $"metadata: {text.MessageText}", e),
        PostgresException { SqlState: PostgresErrorCodes.DiskFull } => new NaruException(ErrorKind.Unavailable, "metadata: no space left on PostgreSQL's device", e) { Errno = NoSpace },
        PostgresException refused when MayBeRepeated(e) => new NaruException(ErrorKind.Unavailable, $"metadata: {refused.MessageText}", e),
        PostgresException refused => new NaruException(ErrorKind.Internal, $"metadata: {refused.MessageText} ({refused.SqlState})", e),
        _ => new NaruException(ErrorKind.Unavailable, $"metadata: PostgreSQL takes too long: {Reason(e)}", e),
    };

    private static string Reason(Exception e) => (e as PostgresException)?.MessageText ?? e.InnerException?.Message ?? e.Message;
}
