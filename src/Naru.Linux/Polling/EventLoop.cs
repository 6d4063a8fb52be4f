using Naru.Linux.Descriptors;

namespace Naru.Linux.Polling;

/// <summary>A single-threaded loop over epoll: descriptors, timers, and nothing else. Everything it calls runs on the thread in <see cref="Run"/>.</summary>
/// <remarks>
/// Async code without a second thread: what awaits a TaskCompletionSource that a callback completes continues inside that callback, or soon after it.
/// The loop's own SynchronizationContext sees to that: without one, all but one of those who await the same task would continue on the thread pool.
/// </remarks>
public sealed unsafe class EventLoop : IDisposable
{
    private readonly Descriptor epoll = new(Errno.Check(Libc.epoll_create1(Libc.EVENT_CLOEXEC), "epoll_create1"));
    private readonly Dictionary<int, Watch> watches = [];
    private readonly PriorityQueue<Action, long> timers = new();
    private readonly Queue<(SendOrPostCallback Continue, object? State)> posted = new();
    private bool stopped;

    /// <summary>Watches a descriptor that can be polled (not a regular file).</summary>
    public Watch Add(Descriptor descriptor, Readiness interest, Action<Readiness> ready) =>
        new(this, descriptor, ready) { Interest = interest };

    /// <summary>Runs an action once, after at least this long. There is no cancelling: the action looks whether it is still wanted.</summary>
    public void After(TimeSpan delay, Action action) => timers.Enqueue(action, Environment.TickCount64 + (long)delay.TotalMilliseconds);

    /// <summary>Completes after at least this long.</summary>
    public Task Delay(TimeSpan delay)
    {
        var source = new TaskCompletionSource();
        After(delay, source.SetResult);
        return source.Task;
    }

    public void Stop() => stopped = true;

    /// <summary>Waits and calls until stopped.</summary>
    public void Run()
    {
        const int most = 32;
        var events = stackalloc Libc.epoll_event[most];
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Context(this));
        while (!stopped)
        {
            var count = Libc.epoll_wait(epoll.Number, events, most, Timeout());
            if (count < 0 && Errno.Last != Errno.EINTR)
                throw new LinuxException(Errno.Last, "epoll_wait");
            for (var i = 0; i < count; i++)
            {
                // An earlier callback of this round may have ended this one's watch.
                if (watches.TryGetValue(events[i].fd, out var watch) && !watch.Disposed)
                    watch.Ready((Readiness)events[i].events);
            }
            while (!stopped && timers.TryPeek(out var action, out var due) && due <= Environment.TickCount64)
            {
                timers.Dequeue();
                action();
            }
            while (!stopped && posted.TryDequeue(out var next))
                next.Continue(next.State);
        }
        SynchronizationContext.SetSynchronizationContext(outer);
    }

    private int Timeout() =>
        timers.TryPeek(out _, out var due) ? (int)Math.Clamp(due - Environment.TickCount64, 0, int.MaxValue) : -1;

    internal void Change(Watch watch, Readiness from, Readiness to)
    {
        var fd = watch.Descriptor.Number;
        var change = new Libc.epoll_event { events = (uint)to, fd = fd };
        var operation = from == Readiness.None ? Libc.EPOLL_CTL_ADD : to == Readiness.None ? Libc.EPOLL_CTL_DEL : Libc.EPOLL_CTL_MOD;
        Errno.Check(Libc.epoll_ctl(epoll.Number, operation, fd, &change), "epoll_ctl");
        if (to == Readiness.None)
            watches.Remove(fd);
        else
            watches[fd] = watch;
    }

    public void Dispose() => epoll.Dispose();

    /// <summary>Has awaits continue on the loop's thread. Only that thread posts: nothing here waits on another.</summary>
    private sealed class Context(EventLoop loop) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => loop.posted.Enqueue((d, state));
    }
}
