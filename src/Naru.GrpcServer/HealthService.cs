using Naru.Base;
using Naru.Rpc.Health;

namespace Naru.GrpcServer;

/// <summary>grpc.health.v1: the daemon as a whole (no service's name) serves as long as it answers.</summary>
public sealed class HealthService
{
    private const string Service = "grpc.health.v1.Health/";

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Check", HealthCheckRequest.Parser, (_, request) => request.Service.Length == 0
            ? new HealthCheckResponse { Status = HealthCheckResponse.Types.ServingStatus.Serving }
            : throw NaruException.NotFound("unknown service"));
        router.ServerStream(Service + "Watch", HealthCheckRequest.Parser, Watch);
    }

    /// <summary>Tells the status once: it does not change before the daemon stops, which ends the call.</summary>
    private static async Task Watch(GrpcCall call, HealthCheckRequest request)
    {
        var status = request.Service.Length == 0 ? HealthCheckResponse.Types.ServingStatus.Serving : HealthCheckResponse.Types.ServingStatus.ServiceUnknown;
        await call.Write(new HealthCheckResponse { Status = status });
        await Task.Delay(Timeout.Infinite, call.Cancel);
    }
}
