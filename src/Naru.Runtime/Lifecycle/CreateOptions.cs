namespace Naru.Runtime.Lifecycle;

/// <summary>The options of <c>create</c> and <c>run</c>.</summary>
public sealed record CreateOptions
{
    /// <summary>Absolute path of the folder that holds config.json.</summary>
    public required string Bundle { get; init; }

    public required string Id { get; init; }

    public string? ConsoleSocket { get; init; }

    public string? PidFile { get; init; }

    public bool NoPivot { get; init; }

    public bool NoNewKeyring { get; init; }

    public bool Detach { get; init; }

    public bool Keep { get; init; }

    /// <summary>Descriptors from 3 on that the process keeps, LISTEN_FDS among them.</summary>
    public int PreserveDescriptors { get; init; }

    /// <summary>Unix socket that receives a descriptor of the first process (pidfd).</summary>
    public string? PidfdSocket { get; init; }

    /// <summary>run in the foreground: orphans of the container's processes become the runtime's to reap.</summary>
    public bool Subreaper { get; init; }

    /// <summary>The cgroup is systemd's to make (--systemd-cgroup).</summary>
    public bool SystemdCgroup { get; init; }

    public RootlessMode Rootless { get; init; }
}
