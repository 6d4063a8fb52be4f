using Microsoft.Win32.SafeHandles;
using Naru.Base;
using Naru.Linux;
using Naru.Linux.Polling;
using Naru.Linux.Terminals;

namespace Naru.Runtime.Lifecycle;

/// <summary>The terminal of a process in the foreground: keys go from the user's terminal to it, what it shows comes back, and the user's is raw meanwhile.</summary>
/// <remarks>
/// Made before the process, which gets <see cref="Socket"/> and sends its terminal's master over it; then <see cref="Receive"/>, and <see cref="Wait"/> once it runs.
/// Disposing puts the user's terminal back as it was, whatever went wrong. One thread: poll(2) over both terminals and the signals.
/// </remarks>
internal sealed class ForegroundTerminal : IDisposable
{
    private const int Sigpipe = 13, Sigchld = 17, Sigurg = 23, Sigwinch = 28;
    private const int Input = 0, Master = 1, Signals = 2;

    private static readonly SafeFileHandle s_input = new(0, ownsHandle: false), s_output = new(1, ownsHandle: false);

    private readonly (SafeFileHandle Own, SafeFileHandle Childs) _sockets = SocketPair.Create();
    private readonly SafeFileHandle _users;
    private readonly byte[] _keys = new byte[4096];
    private readonly byte[] _shown = new byte[32768];
    private SafeFileHandle? _master;
    private TerminalMode? _mode;
    private int _keysFrom, _keysTo;
    private bool _inputEnded, _outputEnded;

    /// <exception cref="NaruException">The caller has no terminal.</exception>
    public ForegroundTerminal() => _users = Find();

    /// <summary>The child's end, on which it sends the master.</summary>
    public SafeFileHandle Socket => _sockets.Childs;

    private int UsersNumber => (int)_users.DangerousGetHandle();

    /// <summary>Takes the master, which the child has sent, and makes the user's terminal raw.</summary>
    public void Receive()
    {
        Span<byte> name = stackalloc byte[64];
        var received = new List<SafeFileHandle>();
        SocketPair.Receive(_sockets.Own, name, received);
        _master = received is [var master] ? master : throw new NaruException(ErrorKind.Internal, "the process sent no terminal");
        Files.SetNonBlocking(_master);
        // The user's own terminal turns a newline into what it needs.
        TerminalMode.KeepNewlines((int)_master.DangerousGetHandle());
        Processes.BlockSignals();
        _mode = TerminalMode.MakeRaw(UsersNumber, translates: true);
        Resize();
    }

    /// <summary>Serves the terminal until the process ends: its exit status.</summary>
    public int Wait(int pid)
    {
        using var signals = Processes.SignalDescriptor();
        var ready = new PollSet(3);
        int? status = null;
        while (status is null)
        {
            ready.Watch(Input, s_input, _inputEnded || _keysFrom < _keysTo ? Readiness.None : Readiness.Read);
            ready.Watch(Master, _master, (_outputEnded ? Readiness.None : Readiness.Read) | (_keysFrom < _keysTo ? Readiness.Write : Readiness.None));
            ready.Watch(Signals, signals, Readiness.Read);
            ready.Wait();
            if (ready.Of(Input) != 0)
                TakeKeys();
            if ((ready.Of(Master) & Readiness.Write) != 0)
                PassKeys();
            if ((ready.Of(Master) & ~Readiness.Write) != 0)
                Show();
            status = Handle(signals, pid);
        }

        // What it showed last.
        while (!_outputEnded && Show())
        {
        }

        return status.Value;
    }

    public void Dispose()
    {
        _mode?.Dispose();
        _master?.Dispose();
        _sockets.Own.Dispose();
        _sockets.Childs.Dispose();
        _users.Dispose();
    }

    /// <summary>A standard stream that is a terminal, else the one that the caller was started on.</summary>
    private static SafeFileHandle Find()
    {
        for (var number = 0; number <= 2; number++)
        {
            if (TerminalMode.IsTerminal(number))
                return new SafeFileHandle(number, ownsHandle: false);
        }

        try
        {
            return Files.Open("/dev/tty", OpenFlags.ReadWrite);
        }
        catch (LinuxException failure)
        {
            throw new NaruException(ErrorKind.FailedPrecondition, $"open /dev/tty: {Errno.Text(failure.Number)}", failure);
        }
    }

    /// <summary>The size of the user's terminal; one that has none leaves it as config.json has it.</summary>
    private void Resize()
    {
        var (rows, columns) = TerminalMode.Size(UsersNumber);
        if (rows > 0 && columns > 0)
            PseudoTerminal.Resize(_master!, (ushort)columns, (ushort)rows);
    }

    private void TakeKeys()
    {
        int count;
        try
        {
            count = Files.ReadAvailable(s_input, _keys);
        }
        catch (LinuxException)
        {
            // Closed, or not this program's to read: there are no keys.
            count = 0;
        }

        _inputEnded = count == 0;
        (_keysFrom, _keysTo) = (0, Math.Max(0, count));
        PassKeys();
    }

    /// <summary>As many as the process' terminal has room for; the rest waits, and so do those that come after.</summary>
    private void PassKeys()
    {
        try
        {
            _keysFrom += Files.WriteAvailable(_master!, _keys.AsSpan(_keysFrom, _keysTo - _keysFrom));
        }
        catch (LinuxException gone) when (gone.Number == Errno.EIO)
        {
            _keysFrom = _keysTo;
        }
    }

    /// <summary>False: there is no more now.</summary>
    private bool Show()
    {
        var count = Files.ReadAvailable(_master!, _shown);
        _outputEnded = count == 0;
        if (count <= 0)
            return false;
        try
        {
            Files.Write(s_output, _shown.AsSpan(0, count));
        }
        catch (LinuxException closed) when (closed.Number is Errno.EPIPE or Errno.EIO)
        {
            // Nobody looks any more; the process goes on.
        }

        return true;
    }

    /// <summary>The process's exit status, once it has ended; other signals are passed on to it.</summary>
    private int? Handle(SafeFileHandle signals, int pid)
    {
        while (Processes.TryNextSignal(signals) is var signal and not 0)
        {
            if (signal == Sigwinch)
                Resize();
            else if (signal is not (Sigchld or Sigurg or Sigpipe))
                Processes.Kill(pid, signal);
        }

        while (Processes.TryWaitAny() is { } ended)
        {
            if (ended.Pid == pid)
                return ended.Status;
        }

        return null;
    }
}
