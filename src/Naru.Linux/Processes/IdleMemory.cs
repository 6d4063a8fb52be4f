namespace Naru.Linux;

/// <summary>Gives back to the system what a burst of work left, once a daemon has been quiet for a while.</summary>
/// <remarks>
/// The collector's budget for new objects follows the processor's cache (16 MB and more): a daemon that rests before it is used up keeps that
/// much resident for garbage. One collection after the work costs some milliseconds, when nobody waits. Of the program itself most pages were
/// needed only to start, or once.
/// </remarks>
public sealed class IdleMemory : IDisposable
{
    /// <summary>Less than this is not worth a collection.</summary>
    private const long Worth = 512 << 10;

    private readonly TimeSpan quiet;
    private readonly Action? more;
    private readonly Timer timer;
    private long collected;
    private long touched;
    private int waiting;

    /// <param name="quiet">How long nothing must happen.</param>
    /// <param name="more">Gives back other memory, as a database's pages; runs on a thread of the pool.</param>
    public IdleMemory(TimeSpan quiet, Action? more = null)
    {
        this.quiet = quiet;
        this.more = more;
        timer = new Timer(_ => Elapsed());
        Touch();
    }

    /// <summary>Something happened: the wait begins anew. Cheap enough for every request: the timer is set once for all that happens within one wait.</summary>
    public void Touch()
    {
        Volatile.Write(ref touched, Environment.TickCount64);
        if (Volatile.Read(ref waiting) == 0 && Interlocked.Exchange(ref waiting, 1) == 0)
            timer.Change(quiet, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => timer.Dispose();

    private void Elapsed()
    {
        var last = Volatile.Read(ref touched);
        var left = quiet - TimeSpan.FromMilliseconds(Environment.TickCount64 - last);
        if (left > TimeSpan.Zero)
        {
            timer.Change(left, Timeout.InfiniteTimeSpan);
            return;
        }

        Trim();
        Interlocked.Exchange(ref waiting, 0);
        // Whoever touched while this ran saw a wait under way and left it at that.
        if (Volatile.Read(ref touched) != last)
            Touch();
    }

    private void Trim()
    {
        if (GC.GetTotalAllocatedBytes() - collected < Worth)
            return;
        more?.Invoke();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = Libc.malloc_trim(0);
        ProgramPages.Release();
        collected = GC.GetTotalAllocatedBytes();
    }
}
