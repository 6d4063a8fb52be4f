using System.Text.Json.Serialization;

namespace Naru.Oci.Runtime;

/// <summary>The process to run, of the container or of an exec.</summary>
public sealed record Process
{
    [JsonPropertyName("terminal")]
    public bool Terminal { get; init; }

    [JsonPropertyName("consoleSize")]
    public ConsoleSize? ConsoleSize { get; init; }

    [JsonPropertyName("user")]
    public User? User { get; init; }

    [JsonPropertyName("args")]
    public IReadOnlyList<string>? Args { get; init; }

    /// <summary>Windows only; kept so that a round trip loses nothing.</summary>
    [JsonPropertyName("commandLine")]
    public string? CommandLine { get; init; }

    [JsonPropertyName("env")]
    public IReadOnlyList<string>? Env { get; init; }

    [JsonPropertyName("cwd")]
    public string Cwd { get; init; } = "";

    [JsonPropertyName("capabilities")]
    public Capabilities? Capabilities { get; init; }

    [JsonPropertyName("rlimits")]
    public IReadOnlyList<Rlimit>? Rlimits { get; init; }

    [JsonPropertyName("noNewPrivileges")]
    public bool NoNewPrivileges { get; init; }

    [JsonPropertyName("apparmorProfile")]
    public string? ApparmorProfile { get; init; }

    [JsonPropertyName("oomScoreAdj")]
    public int? OomScoreAdj { get; init; }

    [JsonPropertyName("scheduler")]
    public Scheduler? Scheduler { get; init; }

    [JsonPropertyName("selinuxLabel")]
    public string? SelinuxLabel { get; init; }

    [JsonPropertyName("ioPriority")]
    public IoPriority? IoPriority { get; init; }

    [JsonPropertyName("execCPUAffinity")]
    public CpuAffinity? ExecCpuAffinity { get; init; }
}
