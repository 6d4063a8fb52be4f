namespace Naru.Cli.Grpc;

/// <summary>A connection that was taken over, as a stream.</summary>
internal sealed class ConnectionStream(RawConnection connection) : ForwardStream
{
    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override int Read(byte[] buffer, int offset, int count) => connection.Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => connection.Read(buffer);

    public override void Write(byte[] buffer, int offset, int count) => connection.Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer) => connection.Write(buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            connection.Dispose();
        base.Dispose(disposing);
    }
}
