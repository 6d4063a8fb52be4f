using System.IO.Compression;
using Naru.Base;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Images;

/// <summary>Opens compressed streams, by what their first bytes say.</summary>
public static class Compressions
{
    /// <summary>Detects by magic number: gzip, zstd (skippable frames too), bzip2, xz; else none.</summary>
    public static CompressionKind Detect(ReadOnlySpan<byte> start) => start switch
    {
        [0x1F, 0x8B, 0x08, ..] => CompressionKind.Gzip,
        [0x28, 0xB5, 0x2F, 0xFD, ..] => CompressionKind.Zstd,
        [>= 0x50 and <= 0x5F, 0x2A, 0x4D, 0x18, ..] => CompressionKind.Zstd,
        [0x42, 0x5A, 0x68, ..] => CompressionKind.Bzip2,
        [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, ..] => CompressionKind.Xz,
        _ => CompressionKind.None,
    };

    /// <summary>The uncompressed bytes of <paramref name="stream"/>, whatever its compression. Owns the stream unless told to leave it open.</summary>
    /// <exception cref="NaruException">Unimplemented: bzip2 and xz.</exception>
    public static Stream Open(Stream stream, out CompressionKind kind, bool leaveOpen = false)
    {
        var start = new byte[8];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        kind = Detect(start.AsSpan(0, length));
        var whole = new PrefixedStream(start.AsMemory(0, length), stream, leaveOpen);
        return kind switch
        {
            CompressionKind.None => whole,
            CompressionKind.Gzip => new GZipStream(whole, CompressionMode.Decompress),
            CompressionKind.Zstd => new ZstdStream(whole, CompressionMode.Decompress),
            _ => throw new NaruException(ErrorKind.Unimplemented, $"{kind.ToString().ToLowerInvariant()} compression is not supported, use gzip or zstd"),
        };
    }

    /// <summary>A stream that compresses into <paramref name="target"/>; dispose it to end the data.</summary>
    public static Stream Compress(Stream target, CompressionKind kind, bool leaveOpen = false) => kind switch
    {
        CompressionKind.Gzip => new GZipStream(target, CompressionLevel.Fastest, leaveOpen),
        CompressionKind.Zstd => new ZstdStream(target, CompressionMode.Compress, leaveOpen: leaveOpen),
        _ => throw new NaruException(ErrorKind.Unimplemented, $"cannot compress with {kind.ToString().ToLowerInvariant()}"),
    };

    /// <summary>The OCI media type of a layer with this compression.</summary>
    public static string LayerMediaType(CompressionKind kind) => kind switch
    {
        CompressionKind.Gzip => MediaTypes.OciLayerGzip,
        CompressionKind.Zstd => MediaTypes.OciLayerZstd,
        _ => MediaTypes.OciLayer,
    };
}
