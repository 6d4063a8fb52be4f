using Naru.Base;

namespace Naru.Containerd;

/// <summary>When the collector runs: a while after the first of a series of changes, or at once for a caller who waits.</summary>
/// <remarks>A while, because clients may name or lease only with their second call what they made with the first: containerd is no quicker.</remarks>
public sealed class GarbageSchedule : IDisposable
{
    private static readonly TimeSpan Delay = TimeSpan.FromSeconds(5);
    private readonly Timer timer;
    private Action? collect;
    private int waiting;

    public GarbageSchedule() => timer = new Timer(_ => RunQuietly());

    /// <summary>Names the collector; before that, changes are ignored.</summary>
    public void Use(Action collector) => collect = collector;

    /// <summary>Something went, or stopped being referred to.</summary>
    public void Changed()
    {
        if (Interlocked.Exchange(ref waiting, 1) == 0)
            timer.Change(Delay, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Collects now and returns when it is done: for deletes that ask for it.</summary>
    public void RunNow() => collect?.Invoke();

    public void Dispose() => timer.Dispose();

    private void RunQuietly()
    {
        Volatile.Write(ref waiting, 0);
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
