using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>A network device of the host's that moves into the container's network namespace.</summary>
public sealed record NetDevice
{
    /// <summary>Its name there; the one it has if it is not given.</summary>
    [JsonPropertyName("name")]
    public string? Name { get; init; }
}
