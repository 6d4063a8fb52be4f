namespace Naru.Api.Client;

/// <summary>A request's body as it is written: each write is a chunk.</summary>
internal sealed class ChunkStream(HttpConnection connection) : ForwardStream
{
    public override bool CanRead => false;

    public override bool CanWrite => true;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        // An empty chunk would end the body.
        if (buffer.IsEmpty)
            return;
        try
        {
            connection.SendChunk(buffer);
        }
        catch (IOException e)
        {
            throw new BrokenRequestException(e);
        }
    }
}
