namespace Naru.Engine.Containers;

/// <summary>A <see cref="ContainerState"/> as it is written to disk.</summary>
public sealed record StateRecord
{
    public string Status { get; init; } = "created";
    public int Pid { get; init; }
    public int ExitCode { get; init; }
    public bool OomKilled { get; init; }
    public string Error { get; init; } = "";
    public DateTime StartedAt { get; init; }
    public DateTime FinishedAt { get; init; }

    public static StateRecord From(ContainerState state) => state switch
    {
        ContainerState.Running running => new StateRecord { Status = running.Status, Pid = running.Pid, StartedAt = running.StartedAt },
        ContainerState.Restarting again => new StateRecord { Status = again.Status, ExitCode = again.ExitCode, StartedAt = again.StartedAt, FinishedAt = again.FinishedAt },
        ContainerState.Exited end => new StateRecord { Status = end.Status, ExitCode = end.ExitCode, OomKilled = end.OomKilled, Error = end.Error, StartedAt = end.StartedAt, FinishedAt = end.FinishedAt },
        ContainerState.Dead dead => new StateRecord { Status = dead.Status, Error = dead.Error },
        _ => new StateRecord(),
    };

    public ContainerState ToState() => Status switch
    {
        "running" => new ContainerState.Running(Pid, StartedAt),
        "paused" => new ContainerState.Running(Pid, StartedAt, Paused: true),
        "restarting" => new ContainerState.Restarting(ExitCode, StartedAt, FinishedAt),
        "exited" or "created" when Status == "exited" || ExitCode != 0 => new ContainerState.Exited(ExitCode, StartedAt, FinishedAt, OomKilled, Error),
        "dead" => new ContainerState.Dead(Error),
        _ => new ContainerState.Created(),
    };
}
