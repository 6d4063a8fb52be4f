using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Build.Solve;

/// <summary>BuildKit's control service behind the engine's POST /grpc.</summary>
internal sealed class BuilderConnection : IDisposable
{
    private const string Service = "/moby.buildkit.v1.Control/";

    private readonly Http2Connection connection;

    private BuilderConnection(Http2Connection connection) => (this.connection, Calls) = (connection, new GrpcClient(connection));

    public GrpcClient Calls { get; }

    public static BuilderConnection Open(EngineClient engine) =>
        new(EngineUpgrade.Open(engine, "/grpc"));

    /// <summary>Runs a build to its end.</summary>
    /// <param name="started">Told of the call, so that it can be cancelled.</param>
    /// <exception cref="GrpcException">It failed.</exception>
    public SolveResponse Solve(SolveRequest request, Action<GrpcStream> started) => Calls.Call(Service + "Solve", request, SolveResponse.Parser, started: started);

    /// <summary>What a build says while it runs; returns with its end.</summary>
    public void Follow(string build, Action<StatusResponse> received)
    {
        var call = Calls.Start(Service + "Status");
        call.Write(new StatusRequest { Ref = build });
        call.End();
        while (GrpcClient.Next(call, StatusResponse.Parser) is { } status)
            received(status);
    }

    public ListWorkersResponse ListWorkers() => Calls.Call(Service + "ListWorkers", new ListWorkersRequest(), ListWorkersResponse.Parser);

    public DiskUsageResponse DiskUsage(DiskUsageRequest request) => Calls.Call(Service + "DiskUsage", request, DiskUsageResponse.Parser);

    /// <summary>Removes build cache; each record that went is told as it goes.</summary>
    public void Prune(PruneRequest request, Action<UsageRecord> removed)
    {
        var call = Calls.Start(Service + "Prune");
        call.Write(request);
        call.End();
        while (GrpcClient.Next(call, UsageRecord.Parser) is { } record)
            removed(record);
    }

    public void Dispose() => connection.Dispose();
}
