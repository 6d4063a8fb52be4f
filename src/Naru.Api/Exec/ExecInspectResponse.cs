namespace Naru.Api;

/// <summary>GET /exec/{id}/json, the part that says how it ended.</summary>
public sealed record ExecInspectResponse
{
    public string ID { get; init; } = "";
    public bool Running { get; init; }
    public int? ExitCode { get; init; }
    public string ContainerID { get; init; } = "";
    public int Pid { get; init; }
}
