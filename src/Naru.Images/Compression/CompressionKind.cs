namespace Naru.Images;

/// <summary>How a layer or an archive is compressed.</summary>
public enum CompressionKind
{
    None,
    Gzip,
    Zstd,
    Bzip2,
    Xz,
}
