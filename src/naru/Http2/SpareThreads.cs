namespace Naru.Cli.Http2;

/// <summary>Threads that wait for more after they have done their work: a build's calls come one after the other, and to make a thread takes longer than most of them.</summary>
internal static class SpareThreads
{
    /// <summary>What the deepest folder of a context needs.</summary>
    private const int StackSize = 1 << 20;

    private static readonly Stack<Spare> Idle = new();

    /// <summary>Does the work at once, on a thread that has nothing else to do.</summary>
    public static void Run(Action work)
    {
        lock (Idle)
        {
            if (Idle.TryPop(out var spare))
            {
                spare.Take(work);
                return;
            }
        }

        new Spare(work).Start();
    }

    private sealed class Spare(Action first)
    {
        private Action? next = first;

        public void Start() => new Thread(Loop, StackSize) { IsBackground = true, Name = "spare" }.Start();

        public void Take(Action work)
        {
            lock (this)
            {
                next = work;
                Monitor.Pulse(this);
            }
        }

        private void Loop()
        {
            while (true)
            {
                Action work;
                lock (this)
                {
                    while (next is null)
                        Monitor.Wait(this);
                    (work, next) = (next, null);
                }

                work();
                lock (Idle)
                    Idle.Push(this);
            }
        }
    }
}
