namespace Naru.Cli.Grpc;

/// <summary>A call that did not end well.</summary>
/// <param name="code">gRPC's status code.</param>
/// <param name="details">The marshaled google.rpc.Status that came with it; empty without.</param>
internal sealed class GrpcException(int code, string message, byte[] details) : Exception(message)
{
    public const int Canceled = 1, Unknown = 2, InvalidArgument = 3, NotFound = 5, AlreadyExists = 6, PermissionDenied = 7, OutOfRange = 11, Unimplemented = 12, Internal = 13, Unavailable = 14;

    public int Code { get; } = code;

    public byte[] Details { get; } = details;
}
