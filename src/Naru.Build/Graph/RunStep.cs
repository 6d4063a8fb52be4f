namespace Naru.Build.Graph;

/// <summary>Runs a program of the file system: RUN. What it changes, but under its mounts, is the layer.</summary>
public sealed class RunStep : Step
{
    private IReadOnlyList<Step>? inputs;

    public required Step? Root { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary><c>NAME=value</c>; of a name that is there twice the last counts.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>Set too, but no part of what determines the result: http_proxy and its like.</summary>
    public IReadOnlyList<string> ProxyEnvironment { get; init; } = [];

    public string WorkingFolder { get; init; } = "/";

    /// <summary>As USER has it; empty: root.</summary>
    public string User { get; init; } = "";

    public IReadOnlyList<RunMount> Mounts { get; init; } = [];

    public RunNetwork Network { get; init; }

    /// <summary>All capabilities, no seccomp filter (<c>--security=insecure</c>); needs the entitlement <c>security.insecure</c>.</summary>
    public bool Insecure { get; init; }

    public string? Hostname { get; init; }

    /// <summary><c>name:address</c>, for /etc/hosts.</summary>
    public IReadOnlyList<string> ExtraHosts { get; init; } = [];

    /// <summary>Bytes of /dev/shm; 0 for the default.</summary>
    public long ShmSize { get; init; }

    /// <summary><c>name=soft:hard</c>.</summary>
    public IReadOnlyList<string> Ulimits { get; init; } = [];

    public string? CgroupParent { get; init; }

    public override IReadOnlyList<Step> Inputs => inputs ??= Collect();

    public override void Define(DefinitionWriter writer)
    {
        writer.Add(PlaceOf(Root));
        writer.Add(Arguments);
        writer.Add(Environment);
        writer.Add(WorkingFolder);
        writer.Add(User);
        writer.Add((int)Network);
        writer.Add(Insecure);
        writer.Add(Hostname);
        writer.Add(ExtraHosts);
        writer.Add(ShmSize);
        writer.Add(Ulimits);
        writer.Add(CgroupParent);
        writer.Add(Mounts.Count);
        foreach (var mount in Mounts)
        {
            writer.Add(PlaceOf(mount.From));
            mount.Define(writer);
        }
    }

    private List<Step> Collect()
    {
        List<Step?> all = [Root];
        foreach (var mount in Mounts)
            all.Add(mount.From);
        return Distinct(all);
    }
}
