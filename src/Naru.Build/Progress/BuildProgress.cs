namespace Naru.Build.Progress;

/// <summary>All that happened in one build, kept until it is over: whoever asks late hears it from the beginning.</summary>
/// <remarks>Safe to use from any thread. <see cref="Finish"/> ends every reader.</remarks>
public sealed class BuildProgress
{
    private readonly Lock gate = new();
    private readonly List<BuildEvent> events = [];
    private TaskCompletionSource more = New();
    private readonly TaskCompletionSource over = New();
    private bool finished;

    public void Add(BuildEvent one)
    {
        TaskCompletionSource waiting;
        lock (gate)
        {
            if (finished)
                return;
            events.Add(one);
            (waiting, more) = (more, New());
        }

        waiting.TrySetResult();
    }

    /// <summary>Nothing more will happen.</summary>
    public void Finish()
    {
        lock (gate)
            finished = true;
        more.TrySetResult();
        over.TrySetResult();
    }

    /// <summary>As the other, but leaves some time for more to happen: fewer and fuller answers, unless it is over.</summary>
    public async Task<IReadOnlyList<BuildEvent>> Next(int seen, TimeSpan gather, CancellationToken cancel)
    {
        if ((await Next(seen, cancel)).Count == 0)
            return [];
        await Task.WhenAny(over.Task, Task.Delay(gather, cancel));
        return await Next(seen, cancel);
    }

    /// <summary>What happened since the first <paramref name="seen"/> events; waits until there is something. Empty: it is over.</summary>
    public async Task<IReadOnlyList<BuildEvent>> Next(int seen, CancellationToken cancel)
    {
        while (true)
        {
            Task waiting;
            lock (gate)
            {
                if (events.Count > seen)
                    return events.GetRange(seen, events.Count - seen);
                if (finished)
                    return [];
                waiting = more.Task;
            }

            await waiting.WaitAsync(cancel);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
