using System.Net;
using System.Net.Sockets;

namespace Naru.Network;

/// <summary>Accepts on a listening socket and carries each connection's bytes to the container and back, half-close included.</summary>
internal sealed class TcpProxy : IDisposable
{
    private const int BufferSize = 32 * 1024;

    private readonly CancellationTokenSource _stop = new();
    private readonly IPEndPoint _target;

    private TcpProxy(IPEndPoint target) => _target = target;

    public static TcpProxy Start(Socket listener, IPEndPoint target)
    {
        var proxy = new TcpProxy(target);
        _ = proxy.AcceptAsync(listener);
        return proxy;
    }

    /// <summary>Ends every connection; the listener is its owner's.</summary>
    public void Dispose() => _stop.Cancel();

    private async Task AcceptAsync(Socket listener)
    {
        try
        {
            while (true)
                _ = CarryAsync(await listener.AcceptAsync(_stop.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The port was released.
        }
    }

    private async Task CarryAsync(Socket client)
    {
        using (client)
        using (var server = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Tcp))
        {
            try
            {
                await server.ConnectAsync(_target, _stop.Token).ConfigureAwait(false);
                client.NoDelay = server.NoDelay = true;
                await Task.WhenAll(PumpAsync(client, server), PumpAsync(server, client)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // Either side is gone: closing both is all there is to do.
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferSize];
        while (await from.ReceiveAsync(buffer, _stop.Token).ConfigureAwait(false) is var count and > 0)
        {
            for (var sent = 0; sent < count;)
                sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), _stop.Token).ConfigureAwait(false);
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
