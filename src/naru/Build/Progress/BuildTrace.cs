using System.Text;
using Google.Protobuf.WellKnownTypes;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Build.Progress;

/// <summary>All that the builder has said of a build's steps so far.</summary>
internal sealed class BuildTrace
{
    private readonly Dictionary<string, Step> byDigest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StepGroup> groups = new(StringComparer.Ordinal);

    /// <summary>In the order in which they were heard of; some may never begin.</summary>
    public List<Step> Steps { get; } = [];

    /// <summary>In the order in which they began.</summary>
    public List<Step> Begun { get; } = [];

    public List<VertexWarning> Warnings { get; } = [];

    /// <summary>When the first step began, 0 before.</summary>
    public long Started { get; private set; }

    /// <summary>How far our clock is ahead of the builder's, as of its first word, in nanoseconds.</summary>
    public long Ahead { get; private set; }

    public int Completed { get; private set; }

    /// <summary>The steps that changed, in order, and no longer count as changed.</summary>
    public List<Step> TakeChanged()
    {
        var changed = new List<Step>();
        foreach (var step in Steps)
        {
            if (!step.Changed)
                continue;
            changed.Add(step);
            step.Changed = false;
        }

        return changed;
    }

    public void Update(StatusResponse status, long now)
    {
        foreach (var vertex in status.Vertexes)
            Update(vertex, now);
        foreach (var part in status.Statuses)
        {
            if (byDigest.TryGetValue(part.Vertex, out var step))
                Update(step, part, now);
        }

        foreach (var warning in status.Warnings)
        {
            Warnings.Add(warning);
            if (byDigest.TryGetValue(warning.Vertex, out var step))
            {
                step.Events.Add($"WARN: {warning.Short.ToStringUtf8()}");
                Touch(step, now);
            }
        }

        foreach (var log in status.Logs)
        {
            if (byDigest.TryGetValue(log.Vertex, out var step))
            {
                step.AddOutput(Encoding.UTF8.GetString(log.Msg.Span), Nanoseconds(log.Timestamp));
                Touch(step, now);
            }
        }

        Completed = 0;
        foreach (var step in Steps)
            Completed += step.Completed != 0 ? 1 : 0;
    }

    public static long Nanoseconds(Timestamp? time) => time is null ? 0 : time.Seconds * 1_000_000_000 + time.Nanos;

    private void Update(Vertex vertex, long now)
    {
        var (started, completed) = (Nanoseconds(vertex.Started), Nanoseconds(vertex.Completed));
        if (Started == 0 && started != 0)
            (Started, Ahead) = (started, now - Math.Max(started, completed));
        if (vertex.ProgressGroup is { } group)
        {
            if (!groups.TryGetValue(group.Id, out var members))
                groups[group.Id] = members = new StepGroup(Begin(group.Name));
            byDigest[vertex.Digest] = members.Step;
            if (members.Update(vertex.Digest, started, completed, vertex.Cached, vertex.Error))
                Touch(members.Step, now);
            return;
        }

        if (!byDigest.TryGetValue(vertex.Digest, out var step))
        {
            step = Begin(vertex.Name);
            byDigest[vertex.Digest] = step;
        }

        if (started == 0 || (step.Started == started && step.Completed == completed && step.Cached == vertex.Cached && step.Error == vertex.Error))
            return;
        if (step.Started != 0 && started != step.Started && step.Completed != 0)
            step.Before += step.Completed - step.Started;
        (step.Name, step.Started, step.Completed, step.Cached, step.Error) = (vertex.Name, started, completed, vertex.Cached, vertex.Error);
        if (completed != 0)
            step.EndOutput();
        Touch(step, now);
    }

    private void Update(Step step, VertexStatus part, long now)
    {
        var status = step.Statuses.Find(known => known.Id == part.ID);
        if (status is null)
            step.Statuses.Add(status = new StepStatus(part.ID));
        (status.Current, status.Total) = (part.Current, part.Total);
        (status.Timestamp, status.Started, status.Completed) = (Nanoseconds(part.Timestamp), Nanoseconds(part.Started), Nanoseconds(part.Completed));
        status.Changed = true;
        Touch(step, now);
    }

    private Step Begin(string name)
    {
        var step = new Step(name);
        Steps.Add(step);
        return step;
    }

    private void Touch(Step step, long now)
    {
        if (step.Started != 0 && !Begun.Contains(step))
            Begun.Add(step);
        if (step.Activity++ == 0)
            step.ShownAt = now;
        step.Changed = true;
    }
}
