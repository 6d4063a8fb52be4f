namespace Naru.Cli.Http2;

/// <summary>The other side broke the protocol, or ended a stream or the connection early.</summary>
internal sealed class Http2Exception(Http2Error error, string message) : IOException(message)
{
    public Http2Error Error { get; } = error;
}
