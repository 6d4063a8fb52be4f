using System.Globalization;

namespace Naru.Api.Client;

/// <summary>An answer's body: of a known length, in chunks, or up to the connection's end.</summary>
internal sealed class BodyStream(HttpConnection connection, long? length, bool chunked) : ForwardStream
{
    private long left = chunked ? 0 : length ?? long.MaxValue;
    private bool first = true;
    private bool ended = length == 0 && !chunked;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (ended || buffer.IsEmpty || (left == 0 && !NextChunk()))
            return 0;
        var count = connection.Read(buffer[..(int)Math.Min(buffer.Length, left)]);
        if (count == 0)
        {
            if (chunked || length is not null)
                throw new EndOfStreamException("unexpected EOF");
            ended = true;
            return 0;
        }

        left -= count;
        ended = !chunked && left == 0;
        return count;
    }

    private bool NextChunk()
    {
        if (!chunked)
            return false;
        if (!first)
            connection.ReadLine();
        first = false;
        var line = connection.ReadLine();
        var semicolon = line.IndexOf(';');
        left = long.Parse(semicolon < 0 ? line : line[..semicolon], NumberStyles.AllowHexSpecifier | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture);
        if (left > 0)
            return true;
        while (connection.ReadLine().Length > 0)
        {
            // Trailers carry nothing that the engine sends.
        }

        ended = true;
        return false;
    }
}
