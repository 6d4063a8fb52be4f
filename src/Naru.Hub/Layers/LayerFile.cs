using Naru.Hub.Storage;
using Naru.Images;
using Naru.Linux;

namespace Naru.Hub.Layers;

/// <summary>One file of a layer, open for reading: only that part of the layer is read that holds it, from the last checkpoint before it.</summary>
public sealed class LayerFile
{
    /// <summary>More than this is passed over by a few at a time only: a file far inside of zstd's one frame costs as much as all before it.</summary>
    private const long MuchToSkip = 16 << 20;

    private static readonly SemaphoreSlim Skipping = new(2, 2);

    private readonly LayerIndex index;
    private readonly IBlobStorage storage;
    private readonly LayerBlob blob;

    internal LayerFile(LayerEntry entry, LayerIndex index, IBlobStorage storage, LayerBlob blob) => (Entry, this.index, this.storage, this.blob) = (entry, index, storage, blob);

    public LayerEntry Entry { get; }

    /// <summary>Bytes from <paramref name="offset"/> on, so many at most; nothing behind the end. The reading side may stop anywhere.</summary>
    public ValueTask<Stream> Read(long offset, long length, CancellationToken cancel)
    {
        offset = Math.Clamp(offset, 0, Entry.Size);
        length = Math.Clamp(length, 0, Entry.Size - offset);
        if (length == 0)
            return new(Stream.Null);
        return Entry.Sparse is { } parts ? new(new SparseStream(parts, offset, length, ReadStored)) : ReadStored(offset, length, cancel);
    }

    /// <summary>Of the bytes as the archive has them: without holes.</summary>
    private async ValueTask<Stream> ReadStored(long offset, long length, CancellationToken cancel)
    {
        var first = Entry.Offset + offset;
        if (index.Header.Compression == CompressionKind.None)
            return await storage.Read(blob.Object, first, length, cancel);
        var place = await index.PlaceBefore(first, cancel) ?? new StreamCheckpoint(0, 0, 0, null);
        var input = await storage.Read(blob.Object, place.Start, index.InputUpTo(first + length) - place.Start, cancel);
        Stream output = index.Header.Compression == CompressionKind.Gzip
            ? new GunzipStream(input, place)
            : new ZstdStream(input, System.IO.Compression.CompressionMode.Decompress);
        var part = new PartStream(output, first - place.Output, length);
        if (first - place.Output < MuchToSkip)
            return part;
        try
        {
            await Skipping.WaitAsync(cancel);
            try
            {
                part.Begin(cancel);
            }
            finally
            {
                Skipping.Release();
            }

            return part;
        }
        catch
        {
            await part.DisposeAsync();
            throw;
        }
    }
}
