using Naru.Linux.Terminals;

namespace Naru.Shim.Io;

/// <summary>A process's standard streams: the ends that the runtime gets, and the pumps on ours.</summary>
/// <remarks>
/// Made before the runtime runs; <see cref="Started"/> once it has, or <see cref="Dispose"/> when it failed; <see cref="OpenInput"/> at the process's
/// start; <see cref="TakeRest"/> when it has ended.
/// </remarks>
internal sealed class ProcessIo : IDisposable
{
    private readonly EventLoop loop;
    private readonly Stdio stdio;
    private readonly string spillPrefix;
    private readonly List<Descriptor> theirs = [];
    private readonly List<OutputPump> outputs = [];
    private readonly string? consolePath;
    private Descriptor? consoleListener;
    private Descriptor? console;
    private Descriptor? inputPipe;
    private InputPump? input;

    /// <param name="spillPrefix">Where output waits when its reader is away.</param>
    /// <param name="consolePath">The path of the socket on which the runtime sends the terminal.</param>
    /// <exception cref="LinuxException">A FIFO is missing.</exception>
    public ProcessIo(EventLoop loop, Stdio stdio, string spillPrefix, string consolePath, uint user, uint group)
    {
        this.loop = loop;
        this.stdio = stdio;
        this.spillPrefix = spillPrefix;
        try
        {
            if (stdio.Terminal)
            {
                this.consolePath = consolePath;
                File.Delete(consolePath);
                consoleListener = UnixSocket.Listen(consolePath);
                for (var i = 0; i < 3; i++)
                    theirs.Add(Descriptor.OpenNull());
                return;
            }
            theirs.Add(stdio.In.Length == 0 ? Descriptor.OpenNull() : InputPipe(user, group));
            theirs.Add(OutputPipe(stdio.Out, "stdout", user, group));
            theirs.Add(OutputPipe(stdio.Error, "stderr", user, group));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What the runtime is started with as 0, 1 and 2.</summary>
    public IReadOnlyList<Descriptor> ForRuntime => theirs;

    /// <summary>--console-socket's value, or null without a terminal.</summary>
    public string? ConsoleSocket => consolePath;

    /// <summary>The process has its streams: ours of its ends are closed, and its terminal is taken.</summary>
    /// <exception cref="NaruException">Internal: the runtime sent no terminal.</exception>
    public void Started()
    {
        CloseTheirs();
        if (!stdio.Terminal)
            return;
        using (var connection = UnixSocket.Accept(consoleListener!))
        {
            console = connection is null ? null : UnixSocket.ReceiveDescriptor(connection);
        }
        CloseConsoleSocket();
        if (console is null)
            throw new NaruException(ErrorKind.Internal, "failed to retrieve console master: the runtime sent none");
        console.SetNonBlocking();
        if (stdio.Out.Length > 0)
            outputs.Add(new OutputPump(loop, console.Duplicate(), OutputTarget.Open(stdio.Out), spillPrefix + "stdout"));
    }

    /// <summary>Opens the client's input, when the process starts and not before: a client that can write thinks that the task is there, and asks for the
    /// closing of its input as soon as it has written all (ctr would find no task to ask).</summary>
    /// <param name="closed">The client has asked for that already.</param>
    public void OpenInput(bool closed)
    {
        if (stdio.In.Length == 0)
            return;
        input = new InputPump(loop, stdio.In, console?.Duplicate() ?? inputPipe!, stdio.Terminal);
        inputPipe = null;
        if (closed)
            input.CloseInput();
    }

    /// <exception cref="NaruException">FailedPrecondition: there is no terminal.</exception>
    public void Resize(TerminalSize size)
    {
        if (console is not null)
            size.Apply(console);
    }

    public void CloseInput() => input?.CloseInput();

    public void TakeRest()
    {
        foreach (var output in outputs)
            output.TakeRest();
        input?.Close();
        input = null;
    }

    /// <summary>Whether every reader has got everything.</summary>
    public bool Delivered => outputs.TrueForAll(each => each.Closed);

    /// <summary>Whether output waits for a reader that is there.</summary>
    public bool Waiting => outputs.Exists(each => each.IsBehind);

    private Descriptor InputPipe(uint user, uint group)
    {
        (var read, inputPipe) = Descriptor.Pipe();
        inputPipe.SetNonBlocking();
        Own(read, user, group);
        return read;
    }

    private Descriptor OutputPipe(string address, string name, uint user, uint group)
    {
        if (address.Length == 0)
            return Descriptor.OpenNull();
        var target = OutputTarget.Open(address);
        var (read, write) = Descriptor.Pipe();
        read.SetNonBlocking();
        Own(write, user, group);
        outputs.Add(new OutputPump(loop, read, target, spillPrefix + name));
        return write;
    }

    private static void Own(Descriptor pipe, uint user, uint group)
    {
        if (user != 0 || group != 0)
            pipe.ChangeOwner(user, group);
    }

    private void CloseTheirs()
    {
        foreach (var each in theirs)
            each.Dispose();
        theirs.Clear();
    }

    private void CloseConsoleSocket()
    {
        consoleListener?.Dispose();
        consoleListener = null;
        if (consolePath is not null)
            File.Delete(consolePath);
    }

    public void Dispose()
    {
        CloseTheirs();
        CloseConsoleSocket();
        foreach (var output in outputs)
            output.Close();
        input?.Close();
        inputPipe?.Dispose();
        console?.Dispose();
        console = null;
    }
}
