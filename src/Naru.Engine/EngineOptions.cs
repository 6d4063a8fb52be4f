using Naru.Engine.Networks;

namespace Naru.Engine;

/// <summary>What narud was started with.</summary>
public sealed record EngineOptions
{
    /// <summary>State that outlives the machine's power: images, containers, volumes.</summary>
    public string DataRoot { get; init; } = "/var/lib/naru";

    /// <summary>State of what runs: sockets, FIFOs, network namespaces.</summary>
    public string ExecRoot { get; init; } = "/run/naru";

    /// <summary>The socket of a containerd that somebody else runs; null to run our own.</summary>
    public string? Containerd { get; init; }

    /// <summary>Runtime names as users give them to <c>--runtime</c>, to a containerd runtime name or a runtime binary's path.</summary>
    public IReadOnlyDictionary<string, string> Runtimes { get; init; } = new Dictionary<string, string>();

    public string DefaultRuntime { get; init; } = "naru";

    /// <summary>Registries that are asked by plain HTTP or with any certificate.</summary>
    public IReadOnlyList<string> InsecureRegistries { get; init; } = [];

    /// <summary>Who is asked for Docker Hub's images before Docker Hub.</summary>
    public IReadOnlyList<Uri> RegistryMirrors { get; init; } = [];

    public bool Debug { get; init; }

    /// <summary>For containers that do not choose.</summary>
    public string LogDriver { get; init; } = "json-file";

    public IReadOnlyDictionary<string, string> LogOptions { get; init; } = new Dictionary<string, string>();

    public EngineNetworkOptions Network { get; init; } = new();

    public const string ApiVersion = "1.51";
    public const string MinimumApiVersion = "1.24";
    public const string EngineVersion = "0.1.0";
}
