using System.Text.Json.Serialization;

namespace Naru.Runtime.State;

/// <summary>What is kept of a container in its state.json, written once it is created.</summary>
internal sealed record ContainerState
{
    [JsonPropertyName("ociVersion")]
    public string OciVersion { get; init; } = "";

    [JsonPropertyName("id")]
    public string Id { get; init; } = "";

    /// <summary>Of the first process, as the runtime's pid namespace counts.</summary>
    [JsonPropertyName("pid")]
    public int Pid { get; init; }

    /// <summary>Clock ticks since boot: with the pid it names one process for ever.</summary>
    [JsonPropertyName("startTime")]
    public ulong StartTime { get; init; }

    [JsonPropertyName("bundle")]
    public string Bundle { get; init; } = "";

    [JsonPropertyName("rootfs")]
    public string Rootfs { get; init; } = "";

    [JsonPropertyName("created")]
    public string Created { get; init; } = "";

    [JsonPropertyName("annotations")]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>Hierarchy to folder, as <see cref="Naru.Linux.Cgroup.Folders"/>.</summary>
    [JsonPropertyName("cgroups")]
    public IReadOnlyDictionary<string, string> Cgroups { get; init; } = new Dictionary<string, string>();

    /// <summary>True when the container has no pid namespace of its own: its processes must be killed one by one.</summary>
    [JsonPropertyName("sharedPid")]
    public bool SharedPid { get; init; }
}
