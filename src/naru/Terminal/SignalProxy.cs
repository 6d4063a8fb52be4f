using System.Runtime.InteropServices;

namespace Naru.Cli.Terminal;

/// <summary>Hands the signals that we get on to the container, and tells it when the terminal's size changes.</summary>
internal sealed class SignalProxy : IDisposable
{
    private static readonly (int Number, string Name)[] Forwarded =
        [(1, "HUP"), (2, "INT"), (3, "QUIT"), (10, "USR1"), (12, "USR2"), (15, "TERM"), (18, "CONT")];

    private const int SIGWINCH = 28;
    private readonly List<PosixSignalRegistration> registrations = [];

    /// <summary>Forwards signals to the container's first process.</summary>
    public void Forward(EngineClient engine, string container)
    {
        foreach (var (number, name) in Forwarded)
        {
            registrations.Add(PosixSignalRegistration.Create((PosixSignal)number, context =>
            {
                context.Cancel = true;
                Quietly(() => engine.Do("POST", $"/containers/{container}/kill?signal={name}"));
            }));
        }
    }

    /// <summary>Sets the size now and whenever it changes. <paramref name="resource"/>: "containers/ID" or "exec/ID".</summary>
    public void Resize(EngineClient engine, string resource)
    {
        Send();
        registrations.Add(PosixSignalRegistration.Create((PosixSignal)SIGWINCH, _ => Send()));

        void Send()
        {
            var (rows, columns) = ConsoleTerminal.Size(1);
            if (rows > 0 || columns > 0)
                Quietly(() => engine.Do("POST", $"/{resource}/resize?h={rows}&w={columns}"));
        }
    }

    public void Dispose() => registrations.ForEach(registration => registration.Dispose());

    /// <summary>A container that has just ended refuses both; there is nothing left to tell it.</summary>
    private static void Quietly(Action send)
    {
        try
        {
            send();
        }
        catch (Exception e) when (e is EngineException or IOException)
        {
            return;
        }
    }
}
