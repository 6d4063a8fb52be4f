using System.Text.Json.Serialization;
using Naru.Oci;

namespace Naru.Images;

/// <summary>What a registry's index answers to <c>/v1/search</c>: Docker's own, in no specification.</summary>
internal sealed record SearchAnswer
{
    [JsonPropertyName("results")]
    public IReadOnlyList<FoundImage?>? Results { get; init; }
}
