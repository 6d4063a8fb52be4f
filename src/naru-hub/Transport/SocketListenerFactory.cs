using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Naru.HubServer.Transport;

/// <summary>Kestrel's sockets, made for large bodies.</summary>
/// <remarks>
/// Kestrel's own transport receives 4 KiB at a time and hands every piece to another thread and back, in both directions. A registry moves
/// blobs: here a request's thread reads from the socket itself, 64 KiB at a time, writes to it itself, and may have the kernel send a
/// file (<see cref="FileSending"/>). Measured in docs/decisions/0027-hub-transport.md.
/// </remarks>
internal sealed class SocketListenerFactory(Patience patience) : IConnectionListenerFactory
{
    private const int Backlog = 1024;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endpoint is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any))
                socket.DualMode = true;
            socket.Bind(endpoint);
            socket.Listen(Backlog);
        }
        catch (SocketException e)
        {
            socket.Dispose();
            if (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
                throw new AddressInUseException($"address {endpoint} is already in use", e);
            throw;
        }

        return new(new SocketListener(socket, patience));
    }
}
