namespace Naru.Engine.Containers;

/// <summary>A mount of a container, resolved: what is mounted where and how.</summary>
public sealed record ContainerMount
{
    /// <summary>bind, volume or tmpfs.</summary>
    public required string Type { get; init; }

    /// <summary>The volume's name; null for others.</summary>
    public string? Name { get; init; }

    /// <summary>The host's path; empty for tmpfs.</summary>
    public string Source { get; init; } = "";
    public required string Destination { get; init; }
    public bool ReadWrite { get; init; } = true;

    /// <summary>The options as the user wrote them, for inspect.</summary>
    public string Mode { get; init; } = "";
    public string Propagation { get; init; } = "";
    public bool NonRecursive { get; init; }

    /// <summary>Read-only, but what is mounted below it stays as it is.</summary>
    public bool ReadOnlyNonRecursive { get; init; }

    /// <summary>An anonymous volume: removed with its container by <c>rm -v</c> and <c>--rm</c>.</summary>
    public bool Anonymous { get; init; }
    public bool NoCopy { get; init; }

    /// <summary>tmpfs: asked for as a mount (--mount), so inspect lists it.</summary>
    public bool Listed { get; init; }

    /// <summary>tmpfs: mount(2) options.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];
}
