using Naru.Shim.Io;

namespace Naru.Shim.Tasks;

/// <summary>The init process or an exec of a container.</summary>
/// <param name="execId">Empty for the init process.</param>
internal sealed class ContainerProcess(string execId, Stdio stdio)
{
    private readonly TaskCompletionSource<ChildExit> exited = new();

    public string ExecId { get; } = execId;

    public Stdio Stdio { get; } = stdio;

    /// <summary>Null until the runtime is about to run.</summary>
    public ProcessIo? Io { get; set; }

    /// <summary>Whether a client has said that no input follows; it may say so before there is a process.</summary>
    public bool InputClosed { get; private set; }

    /// <summary>The start that is under way, or null. It completes without an error, however it ends.</summary>
    public Task? Starting { get; set; }

    /// <summary>0 before it has one.</summary>
    public int Pid { get; set; }

    public ProcessState State { get; private set; } = new ProcessState.Created();

    /// <summary>Completes with the exit, after its output has been taken over.</summary>
    public Task<ChildExit> Exited => exited.Task;

    public bool IsStopped => State is ProcessState.Stopped;

    /// <summary>The input ends with what the client has written.</summary>
    public void CloseInput()
    {
        InputClosed = true;
        Io?.CloseInput();
    }

    public void SetRunning()
    {
        if (!IsStopped)
            State = new ProcessState.Running();
    }

    public void SetStopped(ChildExit exit)
    {
        State = new ProcessState.Stopped(exit);
        exited.TrySetResult(exit);
    }
}
