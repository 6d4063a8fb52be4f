namespace Naru.Api;

/// <summary>One step of an image's history, newest first.</summary>
public sealed record ImageHistoryItem
{
    public string Comment { get; init; } = "";
    /// <summary>Unix seconds.</summary>
    public long Created { get; init; }
    public string CreatedBy { get; init; } = "";
    public string Id { get; init; } = "";
    public long Size { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
}
