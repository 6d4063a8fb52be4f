using Google.Protobuf;
using Naru.Base;
using Naru.Build;
using Naru.Build.Progress;
using Naru.Engine;
using Naru.GrpcServer;
using Naru.Oci;
using Naru.Rpc.Gateway;

namespace Naru.Daemon.BuildKit;

/// <summary>moby.buildkit.v1.frontend.LLBBridge: how a client that is its own frontend (buildx is) asks for parts of a build that it began by Control.Solve.</summary>
internal sealed class BridgeService(EngineHost engine, Builder builder, BuildRegistry builds, SessionRegistry sessions)
{
    private const string Service = "moby.buildkit.v1.frontend.LLBBridge/";
    private const string BuildHeader = "buildkit-controlapi-buildid";

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Ping", PingRequest.Parser, Ping);
        router.Unary(Service + "Solve", SolveRequest.Parser, Solve);
        router.Unary(Service + "Evaluate", EvaluateRequest.Parser, Evaluate);
        router.Unary(Service + "Return", ReturnRequest.Parser, Return);
        router.Unary(Service + "Inputs", InputsRequest.Parser, Inputs);
        router.Unary(Service + "Warn", WarnRequest.Parser, Warn);
        foreach (var method in (ReadOnlySpan<string>)["ResolveImageConfig", "ResolveSourceMeta", "ReadFile", "ReadDir", "StatFile", "NewContainer", "ReleaseContainer", "ExecProcess"])
            router.Duplex(Service + method, _ => throw new NaruException(ErrorKind.Unimplemented, $"this engine does not let a client's own frontend use {method}"));
    }

    private Task<ActiveBuild> Build(GrpcCall call) =>
        builds.Find(call.Header(BuildHeader) ?? throw NaruException.Invalid($"the call names no build: header {BuildHeader} is missing"), call.Cancel);

    private async Task<IMessage> Ping(GrpcCall call, PingRequest request)
    {
        await Build(call);
        var answer = new PongResponse();
        Capabilities.Add(answer);
        answer.Workers.Add(Workers.Record(engine));
        return answer;
    }

    private async Task<IMessage> Solve(GrpcCall call, SolveRequest request)
    {
        var build = await Build(call);
        try
        {
            return await Solve(call, build, request);
        }
        catch (NaruException e)
        {
            throw BuildErrors.WithLines(e, dockerfile: null);
        }
    }

    private async Task<IMessage> Solve(GrpcCall call, ActiveBuild build, SolveRequest request)
    {
        if (request.Definition?.Def.Count > 0)
            throw BuildRequests.NoDefinitions();
        if (request.Frontend.Length == 0)
            return new SolveResponse { Result = new Result() };
        var session = await sessions.Find(build.Request.Session, call.Cancel);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(call.Cancel, session.Ended, build.Over.Token);
        var result = await build.Run(builder, BuildRequests.From(request, build.Request, builds), session, cancel.Token);
        return new SolveResponse { Result = Message(result, build.Name(result)) };
    }

    private async Task<IMessage> Evaluate(GrpcCall call, EvaluateRequest request)
    {
        // A result that has a name is made already.
        (await Build(call)).Result(request.Ref);
        return new EvaluateResponse();
    }

    private async Task<IMessage> Return(GrpcCall call, ReturnRequest request)
    {
        var build = await Build(call);
        if (request.Error is { } error)
            build.Returned.TrySetException(BuildErrors.FromStatus(error));
        else
            build.Returned.TrySetResult(Returned(build, request.Result));
        return new ReturnResponse();
    }

    private async Task<IMessage> Inputs(GrpcCall call, InputsRequest request)
    {
        var build = await Build(call);
        var answer = new InputsResponse();
        foreach (var (name, definition) in build.Request.FrontendInputs)
            answer.Definitions[name] = definition;
        return answer;
    }

    private async Task<IMessage> Warn(GrpcCall call, WarnRequest request)
    {
        var build = await Build(call);
        if (!Digest.TryParse(request.Digest, out var step))
            throw NaruException.Invalid($"invalid digest \"{request.Digest}\"");
        var detail = new List<string>();
        foreach (var line in request.Detail)
            detail.Add(line.ToStringUtf8());
        build.Progress.Add(new BuildWarning(step) { Level = (int)request.Level, Short = request.Short.ToStringUtf8(), Detail = detail, Url = request.Url });
        return new WarnResponse();
    }

    /// <summary>The result that the client hands back: one of this build's own, whole.</summary>
    private static BuildResult? Returned(ActiveBuild build, Result? result)
    {
        if (result is null)
            return null;
        switch (result.ResultCase)
        {
            case Result.ResultOneofCase.Ref when result.Ref.Id.Length > 0:
                return build.Result(result.Ref.Id);
            case Result.ResultOneofCase.RefDeprecated when result.RefDeprecated.Length > 0:
                return build.Result(result.RefDeprecated);
            case Result.ResultOneofCase.Refs:
                BuildResult? one = null;
                foreach (var reference in result.Refs.Refs.Values)
                {
                    var made = build.Result(reference.Id);
                    if (one is not null && one != made)
                        throw new NaruException(ErrorKind.Unimplemented, "a result put together of several builds is not accepted");
                    one = made;
                }

                return one;
            default:
                return null;
        }
    }

    private static Ref Reference(string name) => new() { Id = name, Def = ResultDefinitions.Of(name) };

    private static Result Message(BuildResult result, IReadOnlyList<string> names)
    {
        var message = new Result();
        foreach (var (name, value) in result.Metadata)
            message.Metadata[name] = UnsafeByteOperations.UnsafeWrap(value);
        if (names.Count == 1)
        {
            message.Ref = Reference(names[0]);
            return message;
        }

        if (names.Count == 0)
            return message;
        message.Refs = new RefMap();
        for (var i = 0; i < names.Count; i++)
            message.Refs.Refs[result.Images[i].Planned.Platform.ToString()] = Reference(names[i]);
        return message;
    }
}
