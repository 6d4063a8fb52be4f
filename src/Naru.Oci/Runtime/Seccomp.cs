using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>A system call filter.</summary>
public sealed record Seccomp
{
    [JsonPropertyName("defaultAction")]
    public string DefaultAction { get; init; } = "";

    [JsonPropertyName("defaultErrnoRet")]
    public uint? DefaultErrnoRet { get; init; }

    [JsonPropertyName("architectures")]
    public IReadOnlyList<string>? Architectures { get; init; }

    [JsonPropertyName("flags")]
    public IReadOnlyList<string>? Flags { get; init; }

    [JsonPropertyName("listenerPath")]
    public string? ListenerPath { get; init; }

    [JsonPropertyName("listenerMetadata")]
    public string? ListenerMetadata { get; init; }

    [JsonPropertyName("syscalls")]
    public IReadOnlyList<SeccompRule>? Syscalls { get; init; }
}
