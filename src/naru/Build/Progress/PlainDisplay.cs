using System.Text;
using Naru.Cli.Terminal;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Build.Progress;

/// <summary>Progress as lines, as buildx prints them: one step at a time, turning to another when this one is done or has been shown for long.</summary>
internal sealed class PlainDisplay(BuildTrace trace, Action<string> write) : IProgressDisplay
{
    private const long Second = 1_000_000_000, Patience = 5 * Second, LongestWait = 10 * Second, LeastTime = 5 * Second;
    private const double LeastProgress = 0.05;

    private readonly StringBuilder text = new();
    private Step? current;
    private int shownSteps;
    private bool first = true;

    private static long Now => (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;

    /// <summary>A line about the build as a whole, before its steps.</summary>
    public void Title(string line)
    {
        first = false;
        write($"#0 {line}\n");
    }

    public void Update(StatusResponse status) => trace.Update(status, Now);

    public void Refresh()
    {
        Choose(Now);
        if (text.Length > 0)
            write(text.ToString());
        text.Clear();
    }

    public void Finish(bool failed)
    {
        Refresh();
        ErrorReport.Write(trace, write);
    }

    /// <summary>What is done goes first, then the step that is shown, then perhaps another.</summary>
    private void Choose(long now)
    {
        var changed = trace.TakeChanged();
        var done = changed.FindAll(step => step.Completed != 0);
        done.Sort((a, b) => a.Completed.CompareTo(b.Completed));
        var shown = current;
        if (shown is not null && done.Remove(shown))
            done.Insert(0, shown);
        foreach (var step in done)
            Print(step, now);
        var open = changed.FindAll(step => step.Completed == 0);
        if (open.Count == 0)
        {
            if (current is null && trace.Steps.Find(step => step.Running) is { } other)
                Print(other, now);
            return;
        }

        if (current is null)
        {
            Print(Busiest(open, now), now);
        }
        else
        {
            if (open.Contains(current))
                Print(current, now);
            if (Rival(open, now) is { } rival)
                Print(rival, now);
        }

        // What was not shown now is still to be.
        foreach (var step in open)
            step.Changed |= step != current;
    }

    /// <summary>Another step whose turn it is: it has waited too long, or this one has had its share.</summary>
    private Step? Rival(List<Step> open, long now)
    {
        var all = 0.0;
        foreach (var step in open)
        {
            if (step != current && now - step.ShownAt > LongestWait)
                return step;
            all += Speed(step, now);
        }

        var share = all == 0 ? 1 : Speed(current!, now) / (all + (open.Contains(current!) ? 0 : Speed(current!, now)));
        return share < 1 && Patience / (1 - share) < now - current!.ShownAt ? Busiest(open, now) : null;
    }

    private static Step Busiest(List<Step> open, long now)
    {
        var best = open[0];
        foreach (var step in open)
        {
            if (Speed(step, now) > Speed(best, now))
                best = step;
        }

        return best;
    }

    private static double Speed(Step step, long now) => step.Activity / Math.Max(1e-3, (now - step.ShownAt) / 1e9);

    private void Print(Step step, long now)
    {
        if (step != current)
        {
            if (current is { } left)
            {
                text.Append($"#{left.Index} ...\n");
                (left.Activity, left.ShownAt) = (0, now);
            }

            if (!first)
                text.Append('\n');
            first = false;
            if (step.Index == 0)
                step.Index = ++shownSteps;
            text.Append($"#{step.Index} {step.Name}\n");
            step.ShownAt = now;
        }

        foreach (var line in step.Events)
            text.Append($"#{step.Index} {line}\n");
        step.Events.Clear();
        foreach (var status in step.Statuses)
            Print(step, status);
        foreach (var line in step.Pending)
            text.Append($"#{step.Index} {line.Time}{line.Text}\n");
        step.Pending.Clear();
        current = step;
        if (step.Completed == 0)
            return;
        current = null;
        step.Activity = 0;
        if (step.Canceled)
            text.Append($"#{step.Index} CANCELED\n");
        else if (step.Failed)
            text.Append($"#{step.Index} ERROR: {step.Error}\n");
        else if (step.Cached)
            text.Append($"#{step.Index} CACHED\n");
        else
            text.Append($"#{step.Index} DONE {SizeText.Seconds(step.Duration(now))}\n");
    }

    /// <summary>How far a part is: its end always, on the way there only now and then.</summary>
    private void Print(Step step, StepStatus status)
    {
        if (!status.Changed)
            return;
        status.Changed = false;
        if (status.Printed is var (before, at) && status.Completed == 0)
        {
            var progress = status.Total > 0 ? (double)(status.Current - before) / status.Total : 0;
            if (progress < LeastProgress && status.Timestamp - at < LeastTime)
                return;
        }

        status.Printed = (status.Current, status.Timestamp);
        text.Append($"#{step.Index} {status.Id}");
        if (SizeText.Progress(status) is { Length: > 0 } size)
            text.Append(' ').Append(size);
        var took = (status.Completed != 0 ? status.Completed : status.Timestamp) - status.Started;
        if (status.Started != 0 && took > Second / 100)
            text.Append(' ').Append(SizeText.Seconds(took));
        text.Append(status.Completed != 0 ? " done\n" : "\n");
    }
}
