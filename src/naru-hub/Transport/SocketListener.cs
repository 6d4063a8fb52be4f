using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Naru.Base;

namespace Naru.HubServer.Transport;

/// <summary>One address that is served.</summary>
internal sealed class SocketListener(Socket socket, Patience patience) : IConnectionListener
{
    /// <summary>How long to wait when the system has no more descriptors or memory for a connection.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var accepted = await socket.AcceptAsync(cancellationToken);
                accepted.NoDelay = true;
                return new SocketConnection(accepted, patience);
            }
            catch (ObjectDisposedException)
            {
                return null;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted)
            {
                return null;
            }
            catch (SocketException e)
            {
                // Gone before it was accepted, or nothing to accept it with: the listener goes on.
                Log.Warn($"accept on {EndPoint}: {e.Message}");
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
