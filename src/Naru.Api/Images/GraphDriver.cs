namespace Naru.Api;

/// <summary>Where an image's layers are kept.</summary>
public sealed record GraphDriver
{
    /// <summary>Always null: containerd's snapshots are not for others to look into.</summary>
    public SortedDictionary<string, string>? Data { get; init; }
    public string Name { get; init; } = "overlayfs";
}
