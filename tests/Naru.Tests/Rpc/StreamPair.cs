using System.Net.Sockets;

namespace Naru.Tests.Rpc;

/// <summary>Two ends of one connection, over a unix socket as in life.</summary>
internal static class StreamPair
{
    public static async Task<(NetworkStream Client, NetworkStream Server)> OpenAsync()
    {
        var path = Path.Combine(Path.GetTempPath(), $"naru-{Guid.NewGuid():N}"[..20]);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(1);
        var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path));
        var server = await listener.AcceptAsync();
        File.Delete(path);
        return (new NetworkStream(client, ownsSocket: true), new NetworkStream(server, ownsSocket: true));
    }
}
