namespace Naru.Api;

/// <summary>POST /commit: the new image.</summary>
public sealed record CommitResponse
{
    public string Id { get; init; } = "";
}
