using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Naru.Network;

/// <summary>Carries datagrams to the container and the answers back; each client has a socket of its own until it is silent for 90 seconds (Docker's time).</summary>
internal sealed class UdpProxy : IDisposable
{
    private const int BufferSize = 65535, MostClients = 1024;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(90);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<EndPoint, Socket> _clients = new();
    private readonly Socket _socket;
    private readonly IPEndPoint _target;

    private UdpProxy(Socket socket, IPEndPoint target) => (_socket, _target) = (socket, target);

    public static UdpProxy Start(Socket socket, IPEndPoint target)
    {
        var proxy = new UdpProxy(socket, target);
        _ = proxy.ReceiveAsync();
        return proxy;
    }

    public void Dispose() => _stop.Cancel();

    private async Task ReceiveAsync()
    {
        var any = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        try
        {
            // Nothing is allocated until there is something to read: most ports never see a datagram here.
            await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.Peek, _stop.Token).ConfigureAwait(false);
            var buffer = new byte[BufferSize];
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, any, _stop.Token).ConfigureAwait(false);
                if (ClientSocket(received.RemoteEndPoint) is { } client)
                    await client.SendAsync(buffer.AsMemory(0, received.ReceivedBytes), _stop.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The port was released.
        }
    }

    private Socket? ClientSocket(EndPoint client)
    {
        if (_clients.TryGetValue(client, out var known))
            return known;
        if (_clients.Count >= MostClients)
            return null;
        var socket = new Socket(_target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(_target);
        _clients[client] = socket;
        _ = AnswerAsync(client, socket);
        return socket;
    }

    private async Task AnswerAsync(EndPoint client, Socket socket)
    {
        var buffer = new byte[BufferSize];
        using (socket)
        {
            try
            {
                while (true)
                {
                    using var silence = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                    silence.CancelAfter(Silence);
                    var count = await socket.ReceiveAsync(buffer, silence.Token).ConfigureAwait(false);
                    await _socket.SendToAsync(buffer.AsMemory(0, count), SocketFlags.None, client, _stop.Token).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Silent for long, nobody listens in the container, or released.
            }
            finally
            {
                _clients.TryRemove(client, out _);
            }
        }
    }
}
