namespace Naru.Runtime.Lifecycle;

/// <summary>The options of <c>exec</c>; what is not given comes from the container's own process.</summary>
public sealed record ExecOptions
{
    public required string Id { get; init; }

    /// <summary>Path of a process.json (--process), which then says all.</summary>
    public string? ProcessFile { get; init; }

    public IReadOnlyList<string> Args { get; init; } = [];

    public string? Cwd { get; init; }

    public IReadOnlyList<string> Env { get; init; } = [];

    /// <summary>UID[:GID].</summary>
    public string? User { get; init; }

    public IReadOnlyList<uint> AdditionalGids { get; init; } = [];

    public IReadOnlyList<string> Capabilities { get; init; } = [];

    public bool? NoNewPrivileges { get; init; }

    public string? Apparmor { get; init; }

    public bool Terminal { get; init; }

    public bool Detach { get; init; }

    public string? PidFile { get; init; }

    public string? ConsoleSocket { get; init; }

    public int PreserveDescriptors { get; init; }

    public bool IgnorePaused { get; init; }

    public string? PidfdSocket { get; init; }

    /// <summary>SELinux label in the place of the container's.</summary>
    public string? ProcessLabel { get; init; }

    /// <summary>Cgroups below the container's to run in, each «PATH» or «CONTROLLER[,CONTROLLER]:PATH».</summary>
    public IReadOnlyList<string> Cgroups { get; init; } = [];
}
