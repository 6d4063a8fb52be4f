using Naru.Base;
using Naru.Build.Solver;
using Naru.Rpc.BuildKit;

namespace Naru.Daemon.BuildKit;

/// <summary>The builds of Control.Solve, by the references that their clients chose.</summary>
internal sealed class BuildRegistry
{
    /// <summary>A build that is asked about may be about to begin: its request comes by another stream.</summary>
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(3);

    /// <summary>A short build may be over before its client asks for its progress.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, ActiveBuild> builds = [];
    private readonly Lock gate = new();
    private TaskCompletionSource more = New();

    /// <exception cref="NaruException">InvalidArgument: no reference; AlreadyExists: it is taken.</exception>
    public ActiveBuild Begin(SolveRequest request)
    {
        if (request.Ref.Length == 0)
            throw NaruException.Invalid("the build has no reference");
        var build = new ActiveBuild(request);
        TaskCompletionSource waiting;
        lock (gate)
        {
            if (!builds.TryAdd(request.Ref, build))
                throw NaruException.Exists($"job ID {request.Ref} exists");
            (waiting, more) = (more, New());
        }

        waiting.SetResult();
        return build;
    }

    public async Task End(ActiveBuild build)
    {
        await build.End();
        _ = Task.Delay(Remembered).ContinueWith(_ => Forget(build), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>The build of that reference; one that is not there yet is waited for.</summary>
    /// <exception cref="NaruException">NotFound.</exception>
    public async Task<ActiveBuild> Find(string reference, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(WaitLimit);
        while (true)
        {
            Task waiting;
            lock (gate)
            {
                if (builds.TryGetValue(reference, out var build))
                    return build;
                waiting = more.Task;
            }

            try
            {
                await waiting.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw NaruException.NotFound($"no such job {reference}");
            }
        }
    }

    /// <summary>A result of a build that is not over.</summary>
    /// <exception cref="NaruException">NotFound.</exception>
    public SolvedImage Result(string name)
    {
        lock (gate)
        {
            foreach (var build in builds.Values)
            {
                if (build.TryImage(name) is { } image)
                    return image;
            }
        }

        throw NaruException.NotFound($"no such ref: {name}");
    }

    private void Forget(ActiveBuild build)
    {
        lock (gate)
            builds.Remove(build.Request.Ref);
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
