namespace Naru.Api.Client;

/// <summary>The raw stream of attach and exec: bytes both ways after the upgrade, each way closed on its own.</summary>
public sealed class RawConnection : IDisposable
{
    private readonly HttpConnection connection;

    internal RawConnection(HttpConnection connection, bool multiplexed) => (this.connection, Multiplexed) = (connection, multiplexed);

    /// <summary>True when output comes in frames of stdout and stderr; false for a terminal's single stream.</summary>
    public bool Multiplexed { get; }

    /// <summary>Reads some bytes; 0 is the end.</summary>
    public int Read(Span<byte> buffer) => connection.Read(buffer);

    public void Write(ReadOnlySpan<byte> bytes) => connection.Transport.Write(bytes);

    /// <summary>Tells the other side that its standard input has ended.</summary>
    public void CloseWrite() => connection.Transport.CloseWrite();

    public void Dispose() => connection.Dispose();
}
