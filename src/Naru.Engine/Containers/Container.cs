using System.Text.Json;
using Naru.Base;
using Naru.Engine.Logs;
using Naru.Engine.Streams;

namespace Naru.Engine.Containers;

/// <summary>One container. Owned by <see cref="ContainerStore"/>; lives until it is removed.</summary>
public sealed class Container
{
    private readonly Lock gate = new();
    private readonly string recordPath;
    private TaskCompletionSource<ProcessStreams> nextStreams = new();
    private TaskCompletionSource changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Container(ContainerRecord record, string recordPath, JsonLogFile? log)
    {
        Record = record;
        this.recordPath = recordPath;
        Log = log;
        State = record.State.ToState();
    }

    public string Id => Record.Id;

    public string Name => Record.Name;

    public ContainerRecord Record { get; private set; }

    public ContainerState State { get; private set; }

    /// <summary>Taken by every operation that starts, ends or removes: one at a time a container.</summary>
    public SemaphoreSlim Operation { get; } = new(1, 1);

    /// <summary>Null with --log-driver none.</summary>
    public JsonLogFile? Log { get; }

    /// <summary>The running process's streams; kept after its end until the next start, so that late readers see the end.</summary>
    public ProcessStreams? Streams { get; private set; }

    /// <summary>The streams of the process that runs, or of the next one that is started.</summary>
    public Task<ProcessStreams> WhenStreams(CancellationToken cancel)
    {
        lock (gate)
            return State is ContainerState.Running && Streams is { } now ? Task.FromResult(now) : nextStreams.Task.WaitAsync(cancel);
    }

    /// <summary>A start has made its streams: whoever waits for them attaches before the process runs.</summary>
    public void Begin(ProcessStreams streams)
    {
        TaskCompletionSource<ProcessStreams> old;
        lock (gate)
        {
            Streams = streams;
            old = nextStreams;
            nextStreams = new TaskCompletionSource<ProcessStreams>();
        }

        // On this thread: the attached have their sinks when this returns.
        old.TrySetResult(streams);
    }

    public bool Removed { get; private set; }

    /// <summary>How often it ended in this engine's life: a waiter for the next exit counts from here.</summary>
    public int Exits { get; private set; }

    /// <summary>Why it ends, when somebody asked for it: no restart then.</summary>
    public bool StopAsked { get; set; }

    /// <summary>Its end is not the end: --rm waits (docker restart).</summary>
    public bool KeptAtEnd { get; set; }

    /// <summary>The kernel has killed one of its processes for memory since its start.</summary>
    public bool OutOfMemory { get; set; }

    /// <summary>The wait before the last restart by its policy; zero before the first.</summary>
    public TimeSpan Backoff { get; set; }

    /// <summary>What its health check found; null without one. Of this engine's life only.</summary>
    public Naru.Api.HealthState? Health { get; set; }

    /// <summary>Completes at the next change of state, and at removal.</summary>
    public Task Changed
    {
        get
        {
            lock (gate)
                return changed.Task;
        }
    }

    /// <summary>The one place where state changes: in memory and on disk.</summary>
    public void Change(ContainerState state, Func<ContainerRecord, ContainerRecord>? also = null)
    {
        lock (gate)
        {
            if (state is not ContainerState.Running && State is ContainerState.Running)
                Exits++;
            State = state;
            Record = (also?.Invoke(Record) ?? Record) with { State = StateRecord.From(state) };
            Save(durable: false);
            Announce();
        }
    }

    /// <summary>Notes that it is frozen or thawed; nothing when it has ended meanwhile.</summary>
    public void SetPaused(bool paused)
    {
        lock (gate)
        {
            if (State is ContainerState.Running running)
                Change(running with { Paused = paused });
        }
    }

    /// <summary>Changes what is not state: its name, its limits.</summary>
    public void Change(Func<ContainerRecord, ContainerRecord> change)
    {
        lock (gate)
        {
            Record = change(Record);
            Save(durable: true);
        }
    }

    public void MarkRemoved()
    {
        lock (gate)
        {
            Removed = true;
            Announce();
        }
    }

    public void Save(bool durable)
    {
        if (!Removed && State is not ContainerState.Dead)
            AtomicFile.Write(recordPath, JsonSerializer.SerializeToUtf8Bytes(Record, ContainerRecordJson.Default.ContainerRecord), durable: durable);
    }

    private void Announce()
    {
        var old = changed;
        changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        old.TrySetResult();
    }
}
