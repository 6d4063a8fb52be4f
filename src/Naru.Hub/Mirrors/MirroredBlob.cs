using Naru.Hub.Registry;

namespace Naru.Hub.Mirrors;

/// <summary>A blob of a mirrored registry: here, or on its way. Disposed by who asked for it.</summary>
public sealed class MirroredBlob : IDisposable
{
    private readonly BlobDownload? download;

    internal MirroredBlob(Blob stored)
    {
        Stored = stored;
        Size = stored.Size;
    }

    /// <param name="download">Held for this.</param>
    internal MirroredBlob(BlobDownload download)
    {
        this.download = download;
        Size = download.Size;
    }

    /// <summary>The blob as any other, when it is here.</summary>
    public Blob? Stored { get; }

    public long Size { get; }

    /// <summary>Some bytes of a blob that is on its way.</summary>
    public Stream Read(long offset, long length)
    {
        // Held by this already, so it is not gone.
        download!.Hold();
        return new DownloadStream(download, offset, length);
    }

    public void Dispose() => download?.Release();
}
