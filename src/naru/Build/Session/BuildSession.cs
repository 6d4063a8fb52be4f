using Naru.Cli.Grpc;
using Naru.Cli.Http2;

namespace Naru.Cli.Build.Session;

/// <summary>The connection over which the builder calls back: for files, logins, secrets. Open for as long as one build runs.</summary>
internal sealed class BuildSession : IDisposable
{
    private readonly Http2Connection connection;

    private BuildSession(string id, Http2Connection connection) => (Id, this.connection) = (id, connection);

    /// <summary>What the build's request names the session by.</summary>
    public string Id { get; }

    /// <summary>Offers what <paramref name="server"/> answers to the engine.</summary>
    /// <param name="sharedKey">The same for two builds of one folder: the builder keeps what it was sent.</param>
    public static BuildSession Open(EngineClient engine, GrpcServer server, string sharedKey)
    {
        var id = NewId();
        server.Add("/grpc.health.v1.Health/Check", Health.Check);
        var headers = new Dictionary<string, string>
        {
            ["X-Docker-Expose-Session-Uuid"] = id,
            ["X-Docker-Expose-Session-Sharedkey"] = sharedKey,
            ["X-Docker-Expose-Session-Grpc-Method"] = string.Join('\n', server.Methods),
        };
        return new BuildSession(id, EngineUpgrade.Open(engine, "/session", headers, server.Accept));
    }

    /// <summary>25 digits, as long as BuildKit's own ids, from the kernel's generator: the cryptographic one loads OpenSSL, which takes a good part of a short build's time.</summary>
    public static string NewId() => Guid.NewGuid().ToString("N")[..25];

    public void Dispose() => connection.Dispose();
}
