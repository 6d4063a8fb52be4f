namespace Naru.Tests.Hub.Storage;

/// <summary>How <see cref="StrictS3"/> fails when it is told to.</summary>
public enum S3Fault
{
    /// <summary>503, before anything of the body is read.</summary>
    SlowDown,

    /// <summary>The connection breaks in the middle of the body; nothing is done.</summary>
    Drop,

    /// <summary>All is done, and the connection breaks before the answer.</summary>
    DropAnswer,
}
