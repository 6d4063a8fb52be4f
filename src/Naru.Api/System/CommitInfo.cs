namespace Naru.Api;

/// <summary>A program's version control id.</summary>
public sealed record CommitInfo
{
    public string ID { get; init; } = "";
}
