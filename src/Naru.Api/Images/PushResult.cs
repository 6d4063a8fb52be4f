namespace Naru.Api;

/// <summary>What a push tells programs at its end.</summary>
public sealed record PushResult
{
    public string Tag { get; init; } = "";
    public string Digest { get; init; } = "";
    public long Size { get; init; }
}
