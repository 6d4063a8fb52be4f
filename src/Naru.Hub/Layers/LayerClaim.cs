namespace Naru.Hub.Layers;

/// <summary>A layer that this process indexes.</summary>
internal sealed class LayerClaim(string digest, LayerBlob blob, long time)
{
    public string Digest => digest;

    public LayerBlob Blob => blob;

    /// <summary>UTC ticks when it was claimed or last renewed: says whose claim a row is.</summary>
    public long Time { get; set; } = time;
}
