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

    /// <summary>0 before it has one.</summary>
    public int Pid { get; set; }

    public ProcessState State { get; private set; } = new ProcessState.Created();

    /// <summary>Completes with the exit, after its output has been taken over.</summary>
    public Task<ChildExit> Exited => exited.Task;

    public bool IsStopped => State is ProcessState.Stopped;

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
