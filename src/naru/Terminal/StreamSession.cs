using System.Buffers.Binary;
using Naru.Linux.Terminals;

namespace Naru.Cli.Terminal;

/// <summary>A container's streams joined to ours: stdin goes up on a thread of its own, output comes down on the caller's.</summary>
/// <remarks>
/// The terminal is raw from the start of <see cref="Run"/> to its end, whichever way it ends; a signal that ends the program restores it first.
/// When our stdin ends, only that half of the connection is closed, and the output is read to its end.
/// </remarks>
internal sealed class StreamSession(RawConnection connection, bool tty, bool stdin, bool stdout, bool stderr, DetachKeys keys) : IDisposable
{
    private readonly List<IDisposable> registrations = [];
    private TerminalMode? mode;
    private volatile bool detached;

    /// <summary>Makes the terminal raw where one is used; before the container starts, so that no early key is echoed.</summary>
    public void Prepare()
    {
        if (!tty || !stdin || !ConsoleTerminal.IsTerminal(0) || Environment.GetEnvironmentVariable("NORAW") is { Length: > 0 })
            return;
        mode = TerminalMode.MakeRaw(0);
        foreach (var signal in (global::System.Runtime.InteropServices.PosixSignal[])[global::System.Runtime.InteropServices.PosixSignal.SIGTERM, global::System.Runtime.InteropServices.PosixSignal.SIGHUP])
            registrations.Add(global::System.Runtime.InteropServices.PosixSignalRegistration.Create(signal, _ => mode.Dispose()));
    }

    /// <summary>Copies until the container's side ends. True: the user left by the detach keys.</summary>
    public bool Run()
    {
        if (stdin)
            new Thread(SendInput) { IsBackground = true }.Start();
        try
        {
            if (tty)
                CopyPlain();
            else
                CopyFrames();
        }
        catch (IOException) when (detached)
        {
            // The detach closed the connection under the reader.
        }
        finally
        {
            Streams.Flush();
            mode?.Dispose();
        }

        return detached;
    }

    public void Dispose()
    {
        mode?.Dispose();
        registrations.ForEach(registration => registration.Dispose());
        connection.Dispose();
    }

    private void SendInput()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            for (int count; (count = Streams.In.Read(buffer)) > 0;)
            {
                if (!tty)
                {
                    connection.Write(buffer.AsSpan(0, count));
                }
                else if (keys.Filter(buffer.AsSpan(0, count)) is { } typed)
                {
                    connection.Write(typed);
                }
                else
                {
                    detached = true;
                    connection.Dispose();
                    return;
                }
            }

            connection.CloseWrite();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or global::System.Net.Sockets.SocketException)
        {
            // The container no longer reads; its output still counts.
        }
    }

    private void CopyPlain()
    {
        var output = new DescriptorStream(1);
        var buffer = new byte[32 * 1024];
        try
        {
            for (int count; (count = connection.Read(buffer)) > 0;)
            {
                if (stdout)
                    output.Write(buffer.AsSpan(0, count));
            }
        }
        catch (ObjectDisposedException) when (detached)
        {
            // As above.
        }
    }

    private void CopyFrames() => FrameCopy.Run(connection.Read, stdout, stderr);
}
