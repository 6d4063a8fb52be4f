using Naru.Base;

namespace Naru.Hub.Mirrors;

/// <summary>Some bytes of a blob that is still coming: a read waits for them. Holds the download until it is disposed.</summary>
internal sealed class DownloadStream(BlobDownload download, long offset, long length) : ForwardStream
{
    private long done;
    private bool released;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position { get => done; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (done == length || buffer.IsEmpty)
            return 0;
        var count = await download.Read(offset + done, buffer[..(int)Math.Min(buffer.Length, length - done)], cancellationToken);
        done += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    protected override void Dispose(bool disposing)
    {
        if (!released)
        {
            released = true;
            download.Release();
        }

        base.Dispose(disposing);
    }
}
