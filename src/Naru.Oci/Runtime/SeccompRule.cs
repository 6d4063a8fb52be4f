using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>What becomes of the named system calls when all of Args match.</summary>
public sealed record SeccompRule
{
    [JsonPropertyName("names")]
    public IReadOnlyList<string> Names { get; init; } = [];

    [JsonPropertyName("action")]
    public string Action { get; init; } = "";

    [JsonPropertyName("errnoRet")]
    public uint? ErrnoRet { get; init; }

    [JsonPropertyName("args")]
    public IReadOnlyList<SeccompArgument>? Args { get; init; }
}
