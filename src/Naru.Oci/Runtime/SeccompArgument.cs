using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>A comparison of one argument of a system call.</summary>
public sealed record SeccompArgument
{
    [JsonPropertyName("index")]
    public uint Index { get; init; }

    [JsonPropertyName("value")]
    public ulong Value { get; init; }

    [JsonPropertyName("valueTwo")]
    public ulong? ValueTwo { get; init; }

    /// <summary>SCMP_CMP_EQ and so on. For MASKED_EQ Value is the mask and ValueTwo what it must give.</summary>
    [JsonPropertyName("op")]
    public string Op { get; init; } = "";
}
