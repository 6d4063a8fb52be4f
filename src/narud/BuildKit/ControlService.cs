using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Build;
using Naru.Build.Context;
using Naru.Engine;
using Naru.GrpcServer;
using Naru.Rpc.BuildKit;

namespace Naru.Daemon.BuildKit;

/// <summary>moby.buildkit.v1.Control: builds, their progress, and the builder as its clients see it.</summary>
internal sealed class ControlService(EngineHost engine, Builder builder, BuildRegistry builds, SessionRegistry sessions)
{
    private const string Service = "moby.buildkit.v1.Control/";

    /// <summary>How long what happens is gathered before it is told: less than anyone sees, and more than most steps of a known build take.</summary>
    private static readonly TimeSpan Gathered = TimeSpan.FromMilliseconds(20);

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Solve", SolveRequest.Parser, Solve);
        router.ServerStream(Service + "Status", StatusRequest.Parser, Status);
        router.Unary(Service + "ListWorkers", ListWorkersRequest.Parser, (_, _) =>
        {
            var answer = new ListWorkersResponse();
            answer.Record.Add(Workers.Record(engine));
            return answer;
        });
        router.Unary(Service + "Info", InfoRequest.Parser, (_, _) => new InfoResponse { BuildkitVersion = Workers.Version });
        router.Duplex(Service + "Session", _ => throw new NaruException(ErrorKind.Unimplemented, "sessions come by POST /session here"));
        router.ServerStream(Service + "ListenBuildHistory", BuildHistoryRequest.Parser, (_, _) => throw new NaruException(ErrorKind.Unimplemented, "this engine keeps no history of builds"));
        router.Unary(Service + "UpdateBuildHistory", UpdateBuildHistoryRequest.Parser, NoHistory);

        // buildx tells how long its own work took; nobody here reads it.
        router.Unary("opentelemetry.proto.collector.trace.v1.TraceService/Export", Empty.Parser, (_, _) => { });
    }

    private static Google.Protobuf.IMessage NoHistory(GrpcCall call, UpdateBuildHistoryRequest request) => throw new NaruException(ErrorKind.Unimplemented, "this engine keeps no history of builds");

    private async Task<Google.Protobuf.IMessage> Solve(GrpcCall call, SolveRequest request)
    {
        if (request.Definition?.Def.Count > 0)
            throw BuildRequests.NoDefinitions();
        var build = builds.Begin(request);
        try
        {
            var session = await sessions.Find(request.Session, call.Cancel);
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(call.Cancel, session.Ended);
            var result = request.Frontend.Length > 0
                ? await build.Run(builder, BuildRequests.From(request, builds), session, cancel.Token)
                : await build.Returned.Task.WaitAsync(cancel.Token);
            var answer = new SolveResponse();
            if (result is not null)
                await Export(build, result, session, answer, cancel.Token);
            return answer;
        }
        catch (NaruException e)
        {
            throw BuildErrors.WithLines(e, dockerfile: null);
        }
        finally
        {
            await builds.End(build);
        }
    }

    private async Task Export(ActiveBuild build, BuildResult result, SessionClient session, SolveResponse answer, CancellationToken cancel)
    {
        foreach (var export in BuildRequests.Exports(build.Request))
        {
            foreach (var (name, value) in await builder.Export(result, export, session, build.Progress, cancel))
                answer.ExporterResponse[name] = value;
        }

        foreach (var cache in BuildRequests.CacheExports(build.Request))
        {
            foreach (var (name, value) in await builder.ExportCache(result, cache, session, build.Progress, cancel))
                answer.ExporterResponse[name] = value;
        }
    }

    private async Task Status(GrpcCall call, StatusRequest request)
    {
        var build = await builds.Find(request.Ref, call.Cancel);
        await call.Begin();
        for (var seen = 0; ;)
        {
            var events = await build.Progress.Next(seen, Gathered, call.Cancel);
            if (events.Count == 0)
                return;
            seen += events.Count;
            await call.Write(StatusMessages.From(events));
        }
    }
}
