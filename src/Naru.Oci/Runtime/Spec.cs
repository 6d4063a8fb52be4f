using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>A bundle's config.json (OCI runtime-spec 1.2). Absent members are null.</summary>
public sealed record Spec
{
    [JsonPropertyName("ociVersion")]
    public string OciVersion { get; init; } = "";

    [JsonPropertyName("root")]
    public Root? Root { get; init; }

    [JsonPropertyName("hostname")]
    public string? Hostname { get; init; }

    [JsonPropertyName("domainname")]
    public string? Domainname { get; init; }

    [JsonPropertyName("mounts")]
    public IReadOnlyList<Mount>? Mounts { get; init; }

    [JsonPropertyName("process")]
    public Process? Process { get; init; }

    [JsonPropertyName("hooks")]
    public Hooks? Hooks { get; init; }

    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    [JsonPropertyName("linux")]
    public LinuxSpec? Linux { get; init; }
}
