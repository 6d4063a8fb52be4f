using System.IO.Compression;
using System.IO.Pipelines;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Images;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Engine.Images;

/// <summary>Layers in another compression: the same files and diff id, another blob. The same layer always becomes the same blob.</summary>
public sealed class LayerConversion(ContainerdClient containerd)
{
    /// <summary>Label of a plain layer's blob: the blob that it became by gzip. No garbage collection holds it for that.</summary>
    private const string GzipLabel = "naru/gzip";

    /// <summary>Stores the layer as <paramref name="mediaType"/> has it, held by the lease of the call.</summary>
    /// <param name="level">0 to 9 for gzip, 1 to 22 for zstd; null: the usual one.</param>
    /// <exception cref="NaruException">NotFound: the layer's blob is not here. Unimplemented: the media type is no layer's that can be made.</exception>
    public async Task<Descriptor> Convert(Descriptor layer, Digest diffId, string mediaType, int? level, CancellationToken cancel)
    {
        var remembers = level is null && IsPlain(layer.MediaType) && IsGzip(mediaType);
        if (remembers && await Known(layer, mediaType, cancel) is { } known)
            return known;
        var pipe = new Pipe();
        var compressing = Task.Run(() => Compress(layer, pipe.Writer, mediaType, level, cancel), CancellationToken.None);
        var labels = new Dictionary<string, string> { ["containerd.io/uncompressed"] = diffId.ToString() };
        Digest digest;
        await using (var compressed = pipe.Reader.AsStream())
            digest = await containerd.WriteContent(default, 0, compressed, labels, cancel);
        await compressing;
        if (remembers)
            await containerd.LabelContent(layer.Digest, new Dictionary<string, string> { [GzipLabel] = digest.ToString() }, cancel);
        var stored = await containerd.TryContentInfo(digest, cancel) ?? throw NaruException.NotFound($"content {digest}: not found");
        return new Descriptor { MediaType = mediaType, Digest = digest, Size = stored.Size };
    }

    public static bool IsPlain(string mediaType) => mediaType is MediaTypes.DockerLayer or MediaTypes.OciLayer;

    private static bool IsGzip(string mediaType) => mediaType is MediaTypes.DockerLayerGzip or MediaTypes.OciLayerGzip;

    private async Task<Descriptor?> Known(Descriptor layer, string mediaType, CancellationToken cancel) =>
        await containerd.TryContentInfo(layer.Digest, cancel) is { } plain && plain.Labels.TryGetValue(GzipLabel, out var text)
        && await containerd.TryContentInfo(Digest.Parse(text), cancel) is { } stored
            ? new Descriptor { MediaType = mediaType, Digest = Digest.Parse(text), Size = stored.Size } : null;

    private async Task Compress(Descriptor layer, PipeWriter writer, string mediaType, int? level, CancellationToken cancel)
    {
        try
        {
            await using (var blob = await new ContentBlobs(containerd, null).OpenReadAsync(layer.Digest, cancel))
            await using (var plain = Compressions.Open(new BlockingStream(blob, cancel), out _))
            await using (var target = Compressor(writer.AsStream(leaveOpen: true), mediaType, level))
                plain.CopyTo(target, 256 << 10);
            await writer.CompleteAsync();
        }
        catch (Exception e)
        {
            await writer.CompleteAsync(e);
        }
    }

    private static Stream Compressor(Stream target, string mediaType, int? level) => mediaType switch
    {
        MediaTypes.DockerLayer or MediaTypes.OciLayer => target,
        MediaTypes.DockerLayerGzip or MediaTypes.OciLayerGzip when level is { } own => new GZipStream(target, new ZLibCompressionOptions { CompressionLevel = own }),
        MediaTypes.DockerLayerGzip or MediaTypes.OciLayerGzip => new GZipStream(target, CompressionLevel.Optimal),
        MediaTypes.DockerLayerZstd or MediaTypes.OciLayerZstd => new ZstdStream(target, CompressionMode.Compress, level is > 0 and var chosen ? chosen : 3),
        _ => throw new NaruException(ErrorKind.Unimplemented, $"layers cannot be stored as {mediaType}"),
    };
}
