using Naru.Engine.Images;

namespace Naru.Build.Export;

/// <summary>How layers are to be stored.</summary>
/// <param name="MediaType">Of layers that are made here.</param>
/// <param name="Level">Of the compression; null: the usual one.</param>
/// <param name="Forced">Base images' layers of another compression are stored anew too.</param>
/// <param name="NothingPlain">Base images' layers that are plain tars are, at least.</param>
internal sealed record LayerForm(string MediaType, int? Level, bool Forced, bool NothingPlain)
{
    private enum Compression
    {
        None,
        Gzip,
        Zstd,
    }

    /// <summary>New layers in the usual way, all others as they are.</summary>
    public static LayerForm Of(string mediaType) => new(mediaType, null, Forced: false, NothingPlain: false);

    /// <summary>Whether a base image's layer is stored anew.</summary>
    public bool Changes(string mediaType) =>
        CompressionOf(mediaType) != CompressionOf(MediaType) && (Forced || (NothingPlain && LayerConversion.IsPlain(mediaType)));

    private static Compression CompressionOf(string mediaType) =>
        mediaType.EndsWith("gzip", StringComparison.Ordinal) ? Compression.Gzip : mediaType.EndsWith("zstd", StringComparison.Ordinal) ? Compression.Zstd : Compression.None;
}
