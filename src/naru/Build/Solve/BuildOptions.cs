using Naru.Cli.Build.Session;

namespace Naru.Cli.Build.Solve;

/// <summary>What one build was asked for, its words already read: `naru build`'s flags and its argument.</summary>
internal sealed record BuildOptions
{
    /// <summary>A folder, "-" for standard input, or an address.</summary>
    public required string Context { get; init; }

    /// <summary>The Dockerfile's path, "-" for standard input; empty: the context's own.</summary>
    public string File { get; init; } = "";

    /// <summary>Whole names: "docker.io/library/x:latest" is not needed, "x" is enough.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Attributes of the Dockerfile frontend that the flags set as they are.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>Name to folder or address.</summary>
    public IReadOnlyDictionary<string, string> NamedContexts { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<OutputOption> Outputs { get; init; } = [];

    public IReadOnlyList<SecretSource> Secrets { get; init; } = [];

    public IReadOnlyList<AgentSource> Agents { get; init; } = [];

    public IReadOnlyList<string> Entitlements { get; init; } = [];

    public IReadOnlyList<CacheOption> CacheFrom { get; init; } = [];

    public IReadOnlyList<CacheOption> CacheTo { get; init; } = [];

    /// <summary>"linux/amd64", as given.</summary>
    public IReadOnlyList<string> Platforms { get; init; } = [];

    /// <summary>Exporter attributes ("annotation.KEY") and their values.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    /// <summary>SBOM or provenance were asked for.</summary>
    public bool Attests { get; init; }
}
