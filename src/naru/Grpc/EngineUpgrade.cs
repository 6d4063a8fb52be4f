using Naru.Cli.Http2;

namespace Naru.Cli.Grpc;

/// <summary>HTTP/2 over a connection that the engine gives up to it: POST with `Upgrade: h2c`.</summary>
internal static class EngineUpgrade
{
    /// <param name="accept">Answers streams, for a connection on which the engine is the client; null where we are.</param>
    /// <exception cref="NaruException">The engine hung up.</exception>
    public static Http2Connection Open(EngineClient engine, string path, IReadOnlyDictionary<string, string>? headers = null, Action<Http2Stream>? accept = null)
    {
        try
        {
            return new Http2Connection(new ConnectionStream(engine.Hijack(path, null, "h2c", headers)), accept);
        }
        catch (Http2Exception e)
        {
            throw new NaruException(ErrorKind.Unavailable, e.Message);
        }
    }
}
