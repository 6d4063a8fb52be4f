namespace Naru.Api;

/// <summary>How this engine talks to registries.</summary>
public sealed record RegistryServiceConfig
{
    public SortedDictionary<string, RegistryIndex> IndexConfigs { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Blocks of addresses that may be asked by plain http.</summary>
    public IReadOnlyList<string> InsecureRegistryCIDRs { get; init; } = [];
    public IReadOnlyList<string>? Mirrors { get; init; }
}
