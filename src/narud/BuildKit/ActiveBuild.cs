using Naru.Base;
using Naru.Build;
using Naru.Build.Context;
using Naru.Build.Dockerfile;
using Naru.Build.Progress;
using Naru.Build.Solver;
using Naru.Rpc.BuildKit;

namespace Naru.Daemon.BuildKit;

/// <summary>One build that a client asked for by Control.Solve: what it makes and tells, and what the client asks of it meanwhile over the bridge.</summary>
/// <remarks>Begun and ended by <see cref="ControlService"/>; found by its reference until a little after its end.</remarks>
internal sealed class ActiveBuild(SolveRequest request)
{
    private readonly Dictionary<string, NamedResult> named = [];
    private readonly List<BuildResult> made = [];
    private readonly List<UploadedSession> uploaded = [];
    private readonly Lock gate = new();

    public SolveRequest Request { get; } = request;

    public BuildProgress Progress { get; } = new();

    public DateTimeOffset Started { get; } = DateTimeOffset.UtcNow;

    /// <summary>What the client, as its own frontend, hands in as the build's result; null: nothing.</summary>
    public TaskCompletionSource<BuildResult?> Returned { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Falls when the build is over, whatever ended it.</summary>
    public CancellationTokenSource Over { get; } = new();

    /// <summary>Does what a request asks for; the result is held until the build is over.</summary>
    /// <exception cref="NaruException">With the Dockerfile's lines where some are to blame.</exception>
    public async Task<BuildResult> Run(Builder builder, BuildRequest request, SessionClient client, CancellationToken cancel)
    {
        SourceFile? dockerfile = null;
        BuildResult result;
        try
        {
            IBuildSession session = client;
            if (request.Attributes.TryGetValue("context", out var context) && UploadedSession.Is(context))
            {
                var archive = await UploadedSession.Open(client, context, cancel);
                Hold(archive);
                session = archive;
                request = request with { Attributes = Without(request.Attributes, "context") };
            }

            result = await builder.Solve(request with { Read = document => dockerfile = document.File }, session, Progress, cancel);
        }
        catch (NaruException e)
        {
            throw BuildErrors.WithLines(e, dockerfile);
        }

        lock (gate)
        {
            if (!Over.IsCancellationRequested)
            {
                made.Add(result);
                return result;
            }
        }

        await result.DisposeAsync();
        throw new OperationCanceledException();
    }

    private static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> attributes, string name)
    {
        var rest = new Dictionary<string, string>(attributes);
        rest.Remove(name);
        return rest;
    }

    /// <summary>Keeps what a client uploaded until the build is over.</summary>
    private void Hold(UploadedSession session)
    {
        lock (gate)
        {
            if (!Over.IsCancellationRequested)
            {
                uploaded.Add(session);
                return;
            }
        }

        session.Dispose();
        throw new OperationCanceledException();
    }

    /// <summary>Gives each of a result's file systems a name that the client can use.</summary>
    /// <returns>In the order of the platforms.</returns>
    public IReadOnlyList<string> Name(BuildResult result)
    {
        var names = new List<string>();
        lock (gate)
        {
            for (var i = 0; i < result.Images.Count; i++)
            {
                var name = Guid.NewGuid().ToString("N");
                named.Add(name, new NamedResult(result, result.Images[i]));
                names.Add(name);
            }
        }

        return names;
    }

    /// <exception cref="NaruException">NotFound: no result of this build's.</exception>
    public BuildResult Result(string name)
    {
        lock (gate)
            return named.TryGetValue(name, out var one) ? one.Result : throw NaruException.NotFound($"no such ref: {name}");
    }

    /// <summary>One file system of a result; null: it is none of this build's, or the build is over.</summary>
    public SolvedImage? TryImage(string name)
    {
        lock (gate)
            return !Over.IsCancellationRequested && named.TryGetValue(name, out var one) ? one.Image : null;
    }

    private sealed record NamedResult(BuildResult Result, SolvedImage Image);

    /// <summary>Ends what still runs, and gives the results up.</summary>
    public async Task End()
    {
        Progress.Finish();
        await Over.CancelAsync();
        BuildResult[] results;
        lock (gate)
            results = [.. made];
        foreach (var result in results)
            await result.DisposeAsync();
        lock (gate)
        {
            foreach (var session in uploaded)
                session.Dispose();
        }
    }
}
