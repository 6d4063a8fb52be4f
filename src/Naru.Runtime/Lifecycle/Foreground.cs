using Naru.Linux;

namespace Naru.Runtime.Lifecycle;

/// <summary>Waits for a process as its stand-in: signals to the runtime go on to the process.</summary>
internal static class Foreground
{
    private const int Sigchld = 17, Sigurg = 23;

    /// <summary>Its exit status. Signals must have been blocked before the fork or after; pending ones are not lost.</summary>
    public static int Wait(int pid)
    {
        Processes.BlockSignals();
        while (true)
        {
            // Looked at before each wait: the end may have come before signals were blocked.
            while (Processes.TryWaitAny() is { } ended)
            {
                if (ended.Pid == pid)
                    return ended.Status;
            }

            var signal = Processes.NextSignal();
            if (signal is not (Sigchld or Sigurg))
                Processes.Kill(pid, signal);
        }
    }
}
