using Naru.Build.Cache.Remote;
using Naru.Build.Dockerfile;

namespace Naru.Build;

/// <summary>A build as a client asks for it.</summary>
public sealed record BuildRequest
{
    /// <summary>
    /// BuildKit's frontend attributes: <c>filename</c>, <c>target</c>, <c>build-arg:NAME</c>, <c>label:NAME</c>, <c>platform</c>, <c>no-cache</c>,
    /// <c>image-resolve-mode</c>, <c>add-hosts</c>, <c>force-network-mode</c>, <c>context:NAME</c>, <c>shm-size</c>, <c>ulimit</c>, <c>requestid</c> …
    /// </summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary><c>network.host</c>, <c>security.insecure</c>: what the client allows its RUNs.</summary>
    public IReadOnlyList<string> Entitlements { get; init; } = [];

    /// <summary>By which the client knows the build; empty: by nothing.</summary>
    public string Id { get; init; } = "";

    /// <summary>Caches elsewhere that the build may look in.</summary>
    public IReadOnlyList<CacheOption> CacheFrom { get; init; } = [];

    /// <summary>What other builds made, by the names under which contexts ask for it (<c>input:NAME</c>); they stay until this one is over.</summary>
    public IReadOnlyDictionary<string, Solver.SolvedImage> Given { get; init; } = new Dictionary<string, Solver.SolvedImage>();

    /// <summary>Told what the Dockerfile says, before its steps are done; null: nobody.</summary>
    public Action<DockerfileDocument>? Read { get; init; }
}
