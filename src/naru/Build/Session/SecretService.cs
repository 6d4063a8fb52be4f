using Google.Protobuf;
using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Rpc.BuildSession;

namespace Naru.Cli.Build.Session;

/// <summary>moby.buildkit.secrets.v1.Secrets: what --secret named, read when a step asks for it.</summary>
internal sealed class SecretService(IReadOnlyList<SecretSource> secrets)
{
    public void Register(GrpcServer server) => server.Add("/moby.buildkit.secrets.v1.Secrets/GetSecret", Get);

    private void Get(GrpcStream call, List<HeaderField> metadata)
    {
        var id = call.Read(GetSecretRequest.Parser)?.ID ?? "";
        foreach (var secret in secrets)
        {
            if (secret.Id != id)
                continue;
            call.Write(new GetSecretResponse { Data = ByteString.CopyFrom(secret.Read()) });
            return;
        }

        throw new GrpcException(GrpcException.NotFound, $"secret {id} not found", []);
    }
}
