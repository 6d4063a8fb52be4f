namespace Naru.Build.Copying;

/// <summary>What the build as a whole says about its files.</summary>
public sealed record FileActionOptions
{
    /// <summary>SOURCE_DATE_EPOCH, seconds since 1970: the time of what is made rather than copied; null: the current. What is copied keeps its source's.</summary>
    public long? Epoch { get; init; }

    /// <summary>
    /// The upper folder if the root is an overlay that is mounted for this step alone and unmounted after it: what goes into new folders is written there.
    /// Null: it is no overlay, or others see it meanwhile.
    /// </summary>
    public string? Upper { get; init; }
}
