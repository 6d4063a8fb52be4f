using Microsoft.Win32.SafeHandles;
using Naru.Linux;
using Naru.Linux.Polling;

namespace Naru.Runtime.Init;

/// <summary>A created container's first process, as it waits for start: it holds nothing open that is the runtime's or the caller's, and can be ended by signals.</summary>
/// <remarks>The kernel keeps signals that nobody handles from the first process of a pid namespace: without this only SIGKILL would end a container that was never started.</remarks>
internal static class StartGate
{
    private const int Sighup = 1, Sigint = 2, Sigterm = 15;

    /// <summary>SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGSTKFLT, SIGSYS: with those above what ends runc's first process, with this status. All others are nothing to it.</summary>
    private const uint Faults = 1u << 3 | 1u << 4 | 1u << 5 | 1u << 6 | 1u << 7 | 1u << 8 | 1u << 11 | 1u << 16 | 1u << 31;

    private const int Ended = 2;

    /// <param name="fifo">Where start writes.</param>
    /// <param name="first">The first descriptor that is not the program's.</param>
    /// <param name="listener">Of a filter whose calls are answered: the runtime fetches it when it comes to it.</param>
    public static void Await(SafeFileHandle fifo, int first, SafeFileHandle? listener)
    {
        Processes.CloseAllFrom(first, fifo, listener);
        Processes.BlockSignals();
        using (var signals = Processes.SignalDescriptor())
        {
            var ready = new PollSet(2);
            ready.Watch(0, fifo, Readiness.Read);
            ready.Watch(1, signals, Readiness.Read);
            do
            {
                ready.Wait();
                for (int signal; (signal = Processes.TryNextSignal(signals)) != 0;)
                    Take(signal);
            }
            while (ready.Of(0) == Readiness.None);
        }

        Span<byte> one = stackalloc byte[1];
        Files.Read(fifo, one);
        Processes.Unblock();
    }

    private static void Take(int signal)
    {
        if (signal is Sighup or Sigint or Sigterm)
        {
            // Where there is a default action, that is the end.
            Processes.Unblock();
            Processes.Kill(Processes.OwnPid, signal);
            Processes.Exit(Ended);
        }

        if (signal < 32 && (Faults & 1u << signal) != 0)
            Processes.Exit(Ended);
    }
}
