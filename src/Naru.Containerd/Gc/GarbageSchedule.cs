using Naru.Base;

namespace Naru.Containerd;

/// <summary>When the collector runs: a while after the last of a series of changes, or at once for a caller who waits.</summary>
public sealed class GarbageSchedule : IDisposable
{
    private static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(250);
    private readonly Timer timer;
    private Action? collect;

    public GarbageSchedule() => timer = new Timer(_ => RunQuietly());

    /// <summary>Names the collector; before that, changes are ignored.</summary>
    public void Use(Action collector) => collect = collector;

    /// <summary>Something went, or stopped being referred to.</summary>
    public void Changed() => timer.Change(Debounce, Timeout.InfiniteTimeSpan);

    /// <summary>Collects now and returns when it is done: for deletes that ask for it.</summary>
    public void RunNow() => collect?.Invoke();

    public void Dispose() => timer.Dispose();

    private void RunQuietly()
    {
        try
        {
            RunNow();
        }
        catch (Exception e)
        {
            Log.Error($"garbage collection: {e.Message}");
        }
    }
}
