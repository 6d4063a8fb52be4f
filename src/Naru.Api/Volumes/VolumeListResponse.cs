namespace Naru.Api;

/// <summary>GET /volumes.</summary>
public sealed record VolumeListResponse
{
    public IReadOnlyList<Volume>? Volumes { get; init; }
    public IReadOnlyList<string>? Warnings { get; init; }
}
