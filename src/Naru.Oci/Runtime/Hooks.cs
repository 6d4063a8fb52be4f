using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>Programs run at points of the container's life, each with the state on its standard input.</summary>
public sealed record Hooks
{
    [JsonPropertyName("prestart")]
    public IReadOnlyList<Hook>? Prestart { get; init; }

    [JsonPropertyName("createRuntime")]
    public IReadOnlyList<Hook>? CreateRuntime { get; init; }

    [JsonPropertyName("createContainer")]
    public IReadOnlyList<Hook>? CreateContainer { get; init; }

    [JsonPropertyName("startContainer")]
    public IReadOnlyList<Hook>? StartContainer { get; init; }

    [JsonPropertyName("poststart")]
    public IReadOnlyList<Hook>? Poststart { get; init; }

    [JsonPropertyName("poststop")]
    public IReadOnlyList<Hook>? Poststop { get; init; }
}
