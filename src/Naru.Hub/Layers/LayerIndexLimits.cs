namespace Naru.Hub.Layers;

/// <summary>How much work a layer may make; past that it has no index, and the reason is kept.</summary>
public sealed record LayerIndexLimits
{
    public static LayerIndexLimits Default { get; } = new();

    /// <summary>Bytes of the uncompressed layer.</summary>
    public long Bytes { get; init; } = 128L << 30;

    /// <summary>How many times larger than the layer its contents may be, past <see cref="RatioFrom"/>.</summary>
    public long Ratio { get; init; } = 200;

    /// <summary>From how many uncompressed bytes on the ratio counts: a few files of zeros are no bomb.</summary>
    public long RatioFrom { get; init; } = 4L << 30;

    public int Entries { get; init; } = 1_000_000;

    /// <summary>Bytes of memory for names and what belongs to them.</summary>
    public long Memory { get; init; } = 192L << 20;

    /// <summary>Bytes of one path or link target (PATH_MAX).</summary>
    public int Path { get; init; } = 4096;

    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Uncompressed bytes between checkpoints at first; doubled whenever there are more than <see cref="Checkpoints"/>.</summary>
    public long CheckpointDistance { get; init; } = 4L << 20;

    public int Checkpoints { get; init; } = 512;
}
