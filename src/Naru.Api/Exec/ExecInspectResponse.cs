namespace Naru.Api;

/// <summary>GET /exec/{id}/json.</summary>
public sealed record ExecInspectResponse
{
    public string ID { get; init; } = "";
    public bool Running { get; init; }
    public int? ExitCode { get; init; }
    public ExecProcessConfig? ProcessConfig { get; init; }
    public bool OpenStdin { get; init; }
    public bool OpenStderr { get; init; }
    public bool OpenStdout { get; init; }
    public bool CanRemove { get; init; }
    public string ContainerID { get; init; } = "";

    /// <summary>Base64 of the detach keys' bytes, as Go writes a byte slice.</summary>
    public string DetachKeys { get; init; } = "";
    public int Pid { get; init; }
}
