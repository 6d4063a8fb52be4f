namespace Naru.Build.Graph;

/// <summary>RUN --mount: something that the program sees while it runs, and that is not in the layer.</summary>
public sealed record RunMount
{
    public required RunMountKind Kind { get; init; }

    /// <summary>Absolute; empty for a secret that is given by <see cref="Variable"/> alone.</summary>
    public required string Target { get; init; }

    /// <summary>bind and cache: whose files; null: scratch (a new cache is empty).</summary>
    public Step? From { get; init; }

    /// <summary>Path in <see cref="From"/>.</summary>
    public string Source { get; init; } = "/";

    /// <summary>bind: what is written is thrown away. cache: written by default.</summary>
    public bool Writable { get; init; }

    /// <summary>cache, secret, ssh: by what name it is known.</summary>
    public string Id { get; init; } = "";

    public CacheSharing Sharing { get; init; }

    /// <summary>secret, ssh: without it the step fails; otherwise the mount is left out.</summary>
    public bool Required { get; init; }

    /// <summary>secret: the variable that holds it; null: none.</summary>
    public string? Variable { get; init; }

    public uint Uid { get; init; }

    public uint Gid { get; init; }

    /// <summary>Permission bits of the secret's file (0400), the socket (0600) or the cache's folder (0755).</summary>
    public int? Mode { get; init; }

    /// <summary>tmpfs: bytes; 0: no limit.</summary>
    public long Size { get; init; }

    /// <summary>Writes all but <see cref="From"/>.</summary>
    public void Define(DefinitionWriter writer)
    {
        writer.Add((int)Kind);
        writer.Add(Target);
        writer.Add(Source);
        writer.Add(Writable);
        writer.Add(Id);
        writer.Add((int)Sharing);
        writer.Add(Required);
        writer.Add(Variable);
        writer.Add(Uid);
        writer.Add(Gid);
        writer.Add(Mode ?? -1);
        writer.Add(Size);
    }
}
