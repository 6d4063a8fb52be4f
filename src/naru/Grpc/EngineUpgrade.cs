using Naru.Cli.Http2;

namespace Naru.Cli.Grpc;

/// <summary>HTTP/2 over a connection that the engine gives up to it: POST with `Upgrade: h2c`.</summary>
internal static class EngineUpgrade
{
    /// <summary>An engine that ends a connection before its first word on it is asked again.</summary>
    private const int Attempts = 3;

    /// <param name="accept">Answers streams, for a connection on which the engine is the client; null where we are.</param>
    /// <exception cref="NaruException">The engine hung up each time.</exception>
    public static Http2Connection Open(EngineClient engine, string path, IReadOnlyDictionary<string, string>? headers = null, Action<Http2Stream>? accept = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            Http2Connection? connection = null;
            try
            {
                connection = new Http2Connection(new ConnectionStream(engine.Hijack(path, null, "h2c", headers)), accept);
                if (connection.WaitForGreeting())
                    return connection;
            }
            catch (Http2Exception) when (attempt < Attempts)
            {
                continue;
            }
            catch (Http2Exception e)
            {
                throw new NaruException(ErrorKind.Unavailable, e.Message);
            }

            connection.Dispose();
            if (attempt == Attempts)
                throw new NaruException(ErrorKind.Unavailable, $"the engine closed the connection of POST {path}");
        }
    }
}
