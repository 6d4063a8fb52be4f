using Naru.Build;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.GrpcServer;

namespace Naru.Daemon.BuildKit;

/// <summary>POST /grpc and /session: BuildKit's own protocol, each on a connection of its own.</summary>
internal sealed class BuildKitEndpoints
{
    private readonly SessionRegistry sessions;
    private readonly GrpcConnections connections;

    /// <summary>Builds of POST /build that come with a session.</summary>
    public TracedBuild Traced { get; }

    public BuildKitEndpoints(EngineHost engine, Builder builder)
    {
        sessions = new SessionRegistry(builder.Contexts);
        Traced = new TracedBuild(builder, sessions);
        var builds = new BuildRegistry();
        var router = new GrpcRouter(() => { }, CancellationToken.None, BuildErrors.Details);
        new ControlService(engine, builder, builds, sessions).Map(router);
        new UsageService(builder).Map(router);
        new BridgeService(engine, builder, builds, sessions).Map(router);
        new HealthService().Map(router);
        connections = new GrpcConnections(router);
    }

    public void Map(Router router)
    {
        router.Map("POST", "/grpc", Grpc);
        router.Map("POST", "/session", sessions.Serve);
    }

    private async Task Grpc(ApiCall call)
    {
        var transport = await UpgradedConnection.Take(call);
        await connections.Serve(transport, call.Cancel);
        call.Context.Abort();
    }
}
