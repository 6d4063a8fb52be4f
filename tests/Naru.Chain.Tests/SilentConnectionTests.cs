using System.Net.Sockets;

namespace Naru.Chain.Tests;

/// <summary>Connections that say nothing at first.</summary>
public sealed class SilentConnectionTests(Engine engine) : IClassFixture<Engine>
{
    /// <summary>Two beats of the server's heart, which is when it looks for connections to end.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(2.5);

    [ChainFact]
    public void A_client_that_takes_its_time_before_its_first_call_is_waited_for()
    {
        using var containerd = Connect(Path.Combine(engine.ExecRoot, "containerd/containerd.sock"));
        using var builder = Connect(engine.Folder["naru.sock"]);
        builder.Write("POST /grpc HTTP/1.1\r\nHost: naru\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"u8);
        var answer = new byte[1024];
        Assert.StartsWith("HTTP/1.1 101 ", System.Text.Encoding.ASCII.GetString(answer, 0, builder.Read(answer)), StringComparison.Ordinal);
        Thread.Sleep(Silence);
        foreach (var connection in (NetworkStream[])[containerd, builder])
        {
            connection.Write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8);
            var frame = new byte[9];
            connection.ReadExactly(frame);
            // The fourth byte is the frame's type: 4 is SETTINGS, 7 would be GOAWAY.
            Assert.Equal(4, frame[3]);
        }
    }

    private static NetworkStream Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return new NetworkStream(socket, ownsSocket: true);
    }
}
