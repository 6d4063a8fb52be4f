using Naru.Linux;
using Naru.Linux.Spawning;

namespace Naru.Init;

/// <summary>
/// naru-init [--] PROGRAM [ARGUMENT…]: pid 1 of a container that asked for <c>--init</c>. Starts the program, hands signals on to it, collects
/// whatever becomes an orphan, and ends as the program does.
/// </summary>
internal static class Program
{
    /// <summary>Says that the signals are blocked already.</summary>
    private const string Blocked = "--blocked";

    private const int SigChild = 17;

    public static int Main(string[] arguments)
    {
        var words = arguments.AsSpan(arguments is ["--" or Blocked, ..] ? 1 : 0).ToArray();
        if (words.Length == 0)
        {
            Files.WriteStandard(2, "usage: naru-init [--] PROGRAM [ARGUMENT...]\n");
            return 1;
        }

        if (arguments[0] != Blocked)
        {
            // Again with all signals blocked: the runtime's own threads too must leave them to the loop below, and they take the mask they are born with.
            Processes.BlockSignals();
            // By its own name, which is the one that the container's ps shows.
            Processes.Execute(System.Environment.ProcessPath ?? "/proc/self/exe", ["naru-init", Blocked, .. words]);
        }

        int child;
        try
        {
            child = Spawner.Start(words[0], words[1..], [.. Environment()], []);
        }
        catch (LinuxException e)
        {
            Files.WriteStandard(2, $"naru-init: {e.Message}\n");
            return e.Number == 2 ? 127 : 126;
        }

        return Serve(child);
    }

    private static int Serve(int child)
    {
        while (true)
        {
            var signal = Processes.NextSignal(out var fromTerminal);
            if (signal == SigChild)
            {
                while (Processes.TryWaitAny() is { } ended)
                {
                    if (ended.Pid == child)
                        return ended.Status;
                }
            }
            else if (!fromTerminal)
            {
                // What the terminal sends, it sends to the program as well.
                Processes.Kill(child, signal);
            }
        }
    }

    private static IEnumerable<string> Environment()
    {
        foreach (System.Collections.DictionaryEntry one in System.Environment.GetEnvironmentVariables())
            yield return $"{one.Key}={one.Value}";
    }
}
