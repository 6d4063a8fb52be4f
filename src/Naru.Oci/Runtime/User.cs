using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>Whom the process runs as, in the container's ids.</summary>
public sealed record User
{
    [JsonPropertyName("uid")]
    public uint Uid { get; init; }

    [JsonPropertyName("gid")]
    public uint Gid { get; init; }

    [JsonPropertyName("umask")]
    public uint? Umask { get; init; }

    [JsonPropertyName("additionalGids")]
    public IReadOnlyList<uint>? AdditionalGids { get; init; }

    [JsonPropertyName("username")]
    public string? Username { get; init; }
}
