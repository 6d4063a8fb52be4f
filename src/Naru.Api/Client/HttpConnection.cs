using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Text;

namespace Naru.Api.Client;

/// <summary>One HTTP/1.1 connection: a request, its answer's head, then the body or the raw stream.</summary>
/// <remarks>Synchronous and small on purpose: a client's whole life is a few milliseconds, and the framework's own client takes longer than that to start.</remarks>
internal sealed class HttpConnection(Transport transport) : IDisposable
{
    private const int MaximumHead = 64 * 1024;
    private byte[] buffer = new byte[16 * 1024];
    private volatile ExceptionDispatchInfo? failure;
    private int start;
    private int end;

    public Transport Transport => transport;

    public void SendHead(string head) => transport.Write(Encoding.UTF8.GetBytes(head));

    public void SendChunk(ReadOnlySpan<byte> bytes)
    {
        transport.Write(Encoding.ASCII.GetBytes(bytes.Length.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
        transport.Write(bytes);
        transport.Write("\r\n"u8);
    }

    public void SendLastChunk() => transport.Write("0\r\n\r\n"u8);

    /// <summary>Reads the answer's status and headers.</summary>
    public (int Status, Dictionary<string, string> Headers) ReadHead()
    {
        while (true)
        {
            var line = ReadLine();
            var parts = line.Split(' ', 3);
            if (parts.Length < 2 || !line.StartsWith("HTTP/1.", StringComparison.Ordinal) || !int.TryParse(parts[1], out var status))
                throw new IOException($"malformed HTTP response {GoText.Quote(line)}");
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while ((line = ReadLine()).Length > 0)
            {
                var colon = line.IndexOf(':');
                if (colon > 0)
                    headers[line[..colon]] = line[(colon + 1)..].Trim();
            }

            if (status != 100)
                return (status, headers);
        }
    }

    public string ReadLine()
    {
        var searched = start;
        while (true)
        {
            var at = Array.IndexOf(buffer, (byte)'\n', searched, end - searched);
            if (at >= 0)
            {
                var stop = at > start && buffer[at - 1] == '\r' ? at - 1 : at;
                var line = Encoding.UTF8.GetString(buffer, start, stop - start);
                start = at + 1;
                return line;
            }

            if (end - start > MaximumHead)
                throw new IOException("HTTP response head too long");
            var held = end - start;
            if (start > 0)
                buffer.AsSpan(start, held).CopyTo(buffer);
            (start, end, searched) = (0, held, held);
            if (end == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            var read = Receive(buffer.AsSpan(end));
            if (read == 0)
                throw new EndOfStreamException("unexpected EOF");
            end += read;
        }
    }

    /// <summary>Reads what is there: first what came with the head, then from the transport; 0 is the end.</summary>
    public int Read(Span<byte> into)
    {
        if (into.IsEmpty)
            return 0;
        if (start == end)
            return Receive(into);
        var count = Math.Min(into.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(into);
        start += count;
        return count;
    }

    /// <summary>Ends the connection because what was to be sent could not be had; whoever reads the answer gets that reason.</summary>
    public void Abort(Exception reason)
    {
        failure = ExceptionDispatchInfo.Capture(reason);
        transport.Abort();
    }

    private int Receive(Span<byte> into)
    {
        int count;
        try
        {
            count = transport.Read(into);
        }
        catch (Exception e) when (failure is not null && e is IOException or ObjectDisposedException)
        {
            count = 0;
        }

        if (count == 0)
            failure?.Throw();
        return count;
    }

    public void Dispose() => transport.Dispose();
}
