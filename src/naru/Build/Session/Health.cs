using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Rpc.Health;

namespace Naru.Cli.Build.Session;

/// <summary>grpc.health.v1: the builder asks now and then whether we are still here.</summary>
internal static class Health
{
    public static void Check(GrpcStream call, List<HeaderField> metadata)
    {
        call.Read(HealthCheckRequest.Parser);
        call.Write(new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving });
    }
}
