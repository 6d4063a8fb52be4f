using Naru.Cli.Config;
using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Rpc.BuildSession;

namespace Naru.Cli.Build.Session;

/// <summary>moby.filesync.v1.Auth: the logins of registries, as the builder needs them. Tokens it fetches itself.</summary>
internal sealed class LoginService(ConfigFile config)
{
    private const string Hub = "https://index.docker.io/v1/";

    public void Register(GrpcServer server) => server.Add("/moby.filesync.v1.Auth/Credentials", Credentials);

    private void Credentials(GrpcStream call, List<HeaderField> metadata)
    {
        var host = call.Read(CredentialsRequest.Parser)?.Host ?? "";
        AuthConfig? auth;
        // A helper is a program that may ask its user: one at a time.
        lock (config)
            auth = Config.Credentials.Find(config, host is "registry-1.docker.io" or "docker.io" ? Hub : host);
        var token = auth?.IdentityToken is { Length: > 0 };
        call.Write(new CredentialsResponse { Username = token ? "" : auth?.Username ?? "", Secret = (token ? auth!.IdentityToken : auth?.Password) ?? "" });
    }
}
