using Naru.Base;

namespace Naru.Build.Cache.Remote;

/// <summary>Tells how many bytes were read of a stream. Closes it with itself.</summary>
internal sealed class WatchedStream(Stream inner, Action<long> read) : ForwardStream
{
    private long count;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => Count(await inner.ReadAsync(buffer, cancellationToken));

    public override int Read(byte[] buffer, int offset, int count) => Count(inner.Read(buffer, offset, count));

    public override ValueTask DisposeAsync() => inner.DisposeAsync();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private int Count(int length)
    {
        if (length > 0)
            read(count += length);
        return length;
    }
}
