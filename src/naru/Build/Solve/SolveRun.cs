using System.Runtime.InteropServices;
using Naru.Cli.Build.Progress;
using Naru.Cli.Grpc;
using Naru.Cli.Http2;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Build.Solve;

/// <summary>One build from its request to its result, shown as it goes. Ctrl-C cancels it on the builder.</summary>
/// <remarks>Three threads: the caller's shows, one hears the builder's status, one waits for the result. What they share is under one lock.</remarks>
internal sealed class SolveRun(BuilderConnection builder, IProgressDisplay display)
{
    private const int Tick = 100;

    /// <summary>How long the builder has to say how a cancelled build ended.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly object gate = new();
    private readonly Queue<StatusResponse> updates = new();
    private GrpcStream? call;
    private Exception? failure;
    private SolveResponse? response;
    private bool solved;
    private bool followed;
    private DateTime? canceled;

    /// <summary>The builder's answer.</summary>
    /// <exception cref="GrpcException">The build failed or was cancelled.</exception>
    public SolveResponse Run(SolveRequest request) => Run(request, () => builder.Solve(request, Started));

    /// <param name="solve">Does the work of the build, on a thread of its own.</param>
    public SolveResponse Run(SolveRequest request, Func<SolveResponse> solve)
    {
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Cancel);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Cancel);
        SpareThreads.Run(() => Follow(request.Ref));
        SpareThreads.Run(() => Solve(solve));
        Show();
        if (canceled is not null)
            throw new GrpcException(GrpcException.Canceled, "Canceled: context canceled", []);
        if (failure is not null)
            throw failure;
        return response!;
    }

    /// <summary>Told of a call that a cancelled build gives up.</summary>
    public void Started(GrpcStream started)
    {
        lock (gate)
            call = started;
    }

    private void Cancel(PosixSignalContext context)
    {
        context.Cancel = true;
        GrpcStream? running;
        lock (gate)
        {
            // The second time, the program ends whatever the builder does.
            if (canceled is not null)
                Environment.Exit(130);
            canceled = DateTime.UtcNow;
            running = call;
            Monitor.PulseAll(gate);
        }

        running?.Stream.Reset(Http2Error.Cancel);
    }

    private void Show()
    {
        var shown = new List<StatusResponse>();
        var refreshed = 0L;
        for (var done = false; !done;)
        {
            lock (gate)
            {
                if (updates.Count == 0 && !Over)
                    Monitor.Wait(gate, Tick);
                while (updates.TryDequeue(out var update))
                    shown.Add(update);
                done = Over;
            }

            foreach (var update in shown)
                display.Update(update);
            shown.Clear();
            // Not at every word: a step's end is shown together with its beginning.
            if (done || Environment.TickCount64 - refreshed < Tick)
                continue;
            display.Refresh();
            refreshed = Environment.TickCount64;
        }

        display.Finish(failure is not null || canceled is not null);
    }

    /// <summary>Under the gate.</summary>
    private bool Over => updates.Count == 0 && ((solved && followed) || (canceled is { } at && DateTime.UtcNow - at > Patience));

    private void Follow(string build)
    {
        try
        {
            builder.Follow(build, update =>
            {
                lock (gate)
                {
                    updates.Enqueue(update);
                    Monitor.PulseAll(gate);
                }
            });
        }
        catch (GrpcException)
        {
            // The build's own call says what went wrong.
        }

        lock (gate)
        {
            followed = true;
            Monitor.PulseAll(gate);
        }
    }

    private void Solve(Func<SolveResponse> solve)
    {
        try
        {
            response = solve();
        }
        catch (Exception e) when (e is GrpcException or NaruException or IOException or EngineException)
        {
            failure = e;
        }

        lock (gate)
        {
            solved = true;
            Monitor.PulseAll(gate);
        }
    }
}
