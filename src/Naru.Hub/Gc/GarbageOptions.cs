namespace Naru.Hub.Gc;

/// <summary>What may go.</summary>
public sealed record GarbageOptions
{
    /// <summary>
    /// How long a blob, or an untagged manifest, stays after a push last named it. A push names its first blob long before the manifest that needs it: by a
    /// slow line a large image takes hours, and nothing of it is named again meanwhile. A day is what an upload may take as well, and what is deleted
    /// on purpose was mostly pushed before that, so that its space is free at once.
    /// </summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long an upload may be left alone before it disappears.</summary>
    public TimeSpan UploadLife { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Whether manifests go that no tag and no other manifest needs.</summary>
    public bool Untagged { get; init; }
}
