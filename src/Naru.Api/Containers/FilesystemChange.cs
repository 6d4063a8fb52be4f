namespace Naru.Api;

/// <summary>One changed path of a container: 0 changed, 1 added, 2 deleted.</summary>
public sealed record FilesystemChange
{
    public string Path { get; init; } = "";
    public int Kind { get; init; }
}
