using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>What is Linux' own in a config.json.</summary>
public sealed record LinuxSpec
{
    [JsonPropertyName("uidMappings")]
    public IReadOnlyList<IdMapping>? UidMappings { get; init; }

    [JsonPropertyName("gidMappings")]
    public IReadOnlyList<IdMapping>? GidMappings { get; init; }

    [JsonPropertyName("sysctl")]
    public IReadOnlyDictionary<string, string>? Sysctl { get; init; }

    [JsonPropertyName("resources")]
    public Resources? Resources { get; init; }

    [JsonPropertyName("cgroupsPath")]
    public string? CgroupsPath { get; init; }

    [JsonPropertyName("namespaces")]
    public IReadOnlyList<LinuxNamespace>? Namespaces { get; init; }

    [JsonPropertyName("devices")]
    public IReadOnlyList<Device>? Devices { get; init; }

    /// <summary>By their names in the runtime's network namespace.</summary>
    [JsonPropertyName("netDevices")]
    public IReadOnlyDictionary<string, NetDevice>? NetDevices { get; init; }

    [JsonPropertyName("seccomp")]
    public Seccomp? Seccomp { get; init; }

    [JsonPropertyName("rootfsPropagation")]
    public string? RootfsPropagation { get; init; }

    [JsonPropertyName("maskedPaths")]
    public IReadOnlyList<string>? MaskedPaths { get; init; }

    [JsonPropertyName("readonlyPaths")]
    public IReadOnlyList<string>? ReadonlyPaths { get; init; }

    [JsonPropertyName("mountLabel")]
    public string? MountLabel { get; init; }

    [JsonPropertyName("intelRdt")]
    public IntelRdt? IntelRdt { get; init; }

    [JsonPropertyName("memoryPolicy")]
    public MemoryPolicy? MemoryPolicy { get; init; }

    [JsonPropertyName("personality")]
    public Personality? Personality { get; init; }

    [JsonPropertyName("timeOffsets")]
    public IReadOnlyDictionary<string, TimeOffset>? TimeOffsets { get; init; }
}
