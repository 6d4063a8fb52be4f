using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>The number of tasks.</summary>
public sealed record PidsResources
{
    /// <summary>0 or less is none.</summary>
    [JsonPropertyName("limit")]
    public long Limit { get; init; }
}
