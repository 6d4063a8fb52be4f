namespace Naru.Api;

/// <summary>What this engine alone knows of an image.</summary>
public sealed record ImageMetadata
{
    /// <summary>When the image last got a name, RFC 3339; the year 1 when nobody gave it any here.</summary>
    public string LastTagTime { get; init; } = "";
}
