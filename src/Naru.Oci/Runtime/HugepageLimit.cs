using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>Bytes of huge pages of one size.</summary>
public sealed record HugepageLimit
{
    /// <summary>2MB.</summary>
    [JsonPropertyName("pageSize")]
    public string PageSize { get; init; } = "";

    [JsonPropertyName("limit")]
    public ulong Limit { get; init; }
}
