using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Naru.Conformance.Tests.Http;

/// <summary>One connection on loopback whose bytes are the test's own.</summary>
public sealed class Connection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public Connection(int port)
    {
        _socket.ReceiveTimeout = _socket.SendTimeout = (int)TimeSpan.FromSeconds(30).TotalMilliseconds;
        _socket.Connect(IPAddress.Loopback, port);
    }

    public void Write(string head) => Write(Encoding.Latin1.GetBytes(head));

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0)
            bytes = bytes[_socket.Send(bytes)..];
    }

    /// <summary>Says that nothing more will be sent.</summary>
    public void EndWriting() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>What comes next, as soon as some bytes are there; "" at the end.</summary>
    public string ReadSome()
    {
        var buffer = new byte[64 << 10];
        return Encoding.Latin1.GetString(buffer.AsSpan(0, _socket.Receive(buffer)));
    }

    /// <summary>Everything up to the end of the connection, or to its reset.</summary>
    public byte[] ReadToEnd()
    {
        var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        try
        {
            for (int count; (count = _socket.Receive(buffer)) > 0;)
                all.Write(buffer, 0, count);
        }
        catch (SocketException reset) when (reset.SocketErrorCode is SocketError.ConnectionReset)
        {
            // what came before it is the answer
        }
        return all.ToArray();
    }

    public void Dispose() => _socket.Dispose();
}
