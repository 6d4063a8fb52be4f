using Naru.Linux.Descriptors;
using Naru.Linux.Polling;

namespace Naru.Linux.Spawning;

/// <summary>Collects the exits of all children of this process, adopted ones included, in the event loop.</summary>
/// <remarks>
/// The process must have been started with SIGCHLD blocked, so that no thread takes the signal from the signalfd.
/// An exit is either claimed (a pid somebody awaits) or kept while <see cref="Expect"/> says that a pid is about to be learned: a container's
/// process may end before the runtime that made it has told its number.
/// </remarks>
public sealed unsafe class Children : IDisposable
{
    private readonly Descriptor signals;
    private readonly Watch watch;
    private readonly Dictionary<int, TaskCompletionSource<ChildExit>> claimed = [];
    private readonly Dictionary<int, (ChildExit Exit, long Number)> unclaimed = [];
    private readonly List<Expectation> expectations = [];
    private long collected;

    public Children(EventLoop loop)
    {
        var mask = stackalloc ulong[16];
        new Span<ulong>(mask, 16).Clear();
        mask[0] = 1ul << (Spawner.SIGCHLD - 1);
        signals = new Descriptor(Errno.Check(Libc.signalfd(-1, mask, Libc.EVENT_CLOEXEC | Libc.EVENT_NONBLOCK), "signalfd"));
        watch = loop.Add(signals, Readiness.Read, _ => Collect());
    }

    /// <summary>Makes orphaned descendants children of this process (PR_SET_CHILD_SUBREAPER), and a lost reader an EPIPE instead of a signal.</summary>
    public static void Adopt()
    {
        const int subreaper = 36, pipe = 13;
        Errno.Check(Libc.descriptor_prctl(subreaper, 1, 0, 0, 0), "prctl");
        Libc.descriptor_signal(pipe, 1);
    }

    /// <summary>Keeps exits of unknown children until disposed.</summary>
    public IDisposable Expect()
    {
        var expectation = new Expectation(this, collected);
        expectations.Add(expectation);
        return expectation;
    }

    /// <summary>The exit of a child, once; complete already if it has been collected.</summary>
    public Task<ChildExit> Claim(int pid)
    {
        // An orphan may have had this number just before: while there is such a child, that exit was not this one's.
        if (unclaimed.Remove(pid, out var known) && !IsChild(pid))
            return Task.FromResult(known.Exit);
        var source = new TaskCompletionSource<ChildExit>();
        claimed[pid] = source;
        return source.Task;
    }

    /// <summary>kill(2); false when there is no such process.</summary>
    public static bool Kill(int pid, int signal)
    {
        if (Libc.descriptor_kill(pid, signal) == 0)
            return true;
        return Errno.Last == Errno.ESRCH ? false : throw new LinuxException(Errno.Last, "kill", pid.ToString());
    }

    /// <summary>Waits for one child of a program that has no loop.</summary>
    public static ChildExit Wait(int pid)
    {
        int status;
        while (Libc.descriptor_waitpid(pid, &status, 0) < 0)
        {
            if (Errno.Last != Errno.EINTR)
                throw new LinuxException(Errno.Last, "waitpid");
        }
        return ChildExit.FromWait(status);
    }

    private void Collect()
    {
        Span<byte> information = stackalloc byte[128 * 4];
        while (signals.Read(information) > 0)
        {
            // One signal may stand for many exits: what counts is waitpid below.
        }
        var ended = new List<(TaskCompletionSource<ChildExit>, ChildExit)>();
        int status, pid;
        while ((pid = Libc.descriptor_waitpid(-1, &status, 1)) > 0)
        {
            var exit = ChildExit.FromWait(status);
            if (claimed.Remove(pid, out var source))
                ended.Add((source, exit));
            else if (expectations.Count > 0)
                unclaimed[pid] = (exit, ++collected);
        }
        foreach (var (source, exit) in ended)
            source.SetResult(exit);
    }

    public void Dispose()
    {
        watch.Dispose();
        signals.Dispose();
    }

    // A child that runs, or one whose exit has not been collected yet.
    private static bool IsChild(int pid)
    {
        const int byPid = 1, look = 0x1000000 | 4 | 1; // WNOWAIT | WEXITED | WNOHANG
        var information = stackalloc byte[128];
        return Libc.descriptor_waitid(byPid, pid, information, look) == 0;
    }

    private void Forget(Expectation expectation)
    {
        // They are in the order of their beginnings, and what ended before the oldest began is nobody's.
        if (!expectations.Remove(expectation))
            return;
        if (expectations is not [var oldest, ..])
        {
            unclaimed.Clear();
            return;
        }
        foreach (var (pid, known) in unclaimed)
        {
            if (known.Number <= oldest.Since)
                unclaimed.Remove(pid);
        }
    }

    private sealed class Expectation(Children children, long since) : IDisposable
    {
        public long Since { get; } = since;

        public void Dispose() => children.Forget(this);
    }
}
