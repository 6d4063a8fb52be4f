namespace Naru.Engine.Containers;

/// <summary>Where a container is in its life. Changed only by <see cref="Container.Change"/>.</summary>
public abstract record ContainerState
{
    private ContainerState()
    {
    }

    public sealed record Created : ContainerState;

    public sealed record Running(int Pid, DateTime StartedAt, bool Paused = false) : ContainerState;

    /// <summary>Ended, and about to be started again by its policy.</summary>
    public sealed record Restarting(int ExitCode, DateTime StartedAt, DateTime FinishedAt) : ContainerState;

    public sealed record Exited(int ExitCode, DateTime StartedAt, DateTime FinishedAt, bool OomKilled = false, string Error = "") : ContainerState;

    /// <summary>Its files are unreadable or its removal failed: it may only be removed.</summary>
    public sealed record Dead(string Error) : ContainerState;

    public string Status => this switch
    {
        Created => "created",
        Running { Paused: true } => "paused",
        Running => "running",
        Restarting => "restarting",
        // Never ran: a start that failed leaves its reason, not another state.
        Exited { StartedAt.Ticks: 0 } => "created",
        Exited => "exited",
        _ => "dead",
    };

    public bool IsRunning => this is Running;
}
