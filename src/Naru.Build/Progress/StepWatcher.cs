using System.Diagnostics;
using Naru.Oci;

namespace Naru.Build.Progress;

/// <summary>Tells how far the parts of one step are, not more often than anybody could see.</summary>
public sealed class StepWatcher(Digest step, BuildProgress progress)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly Lock gate = new();
    private readonly List<TaskChanged> parts = [];
    private long last;

    /// <param name="what">The part, as its line says: <c>transferring context:</c>.</param>
    /// <param name="current">Bytes, of <paramref name="total"/> where that is known.</param>
    public void Count(string what, long current, long total = 0)
    {
        lock (gate)
        {
            var place = parts.FindIndex(one => one.Id == what);
            var part = place < 0 ? new TaskChanged(step, what) { Started = DateTimeOffset.UtcNow } : parts[place];
            part = part with { Current = current, Total = total };
            if (place < 0)
                parts.Add(part);
            else
                parts[place] = part;
            if (place >= 0 && Stopwatch.GetElapsedTime(last) < Interval)
                return;
            last = Stopwatch.GetTimestamp();
            progress.Add(part);
        }
    }

    /// <summary>A part without a count that begins now.</summary>
    public void Begin(string what) => Count(what, 0);

    /// <summary>All that was begun is done.</summary>
    public void Finish()
    {
        lock (gate)
        {
            foreach (var part in parts)
                progress.Add(part with { Completed = DateTimeOffset.UtcNow });
            parts.Clear();
        }
    }
}
