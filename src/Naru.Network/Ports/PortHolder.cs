using System.Net;
using System.Net.Sockets;

namespace Naru.Network;

/// <summary>The socket that keeps one host port. The firewall sends IPv4 on before it reaches the socket; what does arrive there (IPv6, other
/// containers of the bridge, anyone while the firewall's table is missing) is carried to the container by hand, as docker-proxy does.</summary>
internal sealed class PortHolder : IDisposable
{
    private readonly Socket? _socket;
    private readonly IDisposable? _proxy;

    private PortHolder(Socket? socket, IDisposable? proxy) => (_socket, _proxy) = (socket, proxy);

    /// <exception cref="SocketException">The port is taken, or the address is not this machine's.</exception>
    public static PortHolder Open(PublishedPort port, IPAddress container)
    {
        var target = new IPEndPoint(container, port.ContainerPort);
        var host = port.Host;
        Socket socket;
        try
        {
            socket = new Socket(host.AddressFamily, port.Protocol == "udp" ? SocketType.Dgram : SocketType.Stream, (ProtocolType)port.ProtocolNumber);
        }
        catch (SocketException e) when (port.Protocol == "sctp" && e.SocketErrorCode == SocketError.ProtocolNotSupported)
        {
            // A kernel without SCTP sockets has no program that could take the port either.
            return new PortHolder(null, null);
        }

        try
        {
            if (host.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(new IPEndPoint(host, port.HostPort));
            if (port.Protocol == "udp")
                return new PortHolder(socket, UdpProxy.Start(socket, target));
            socket.Listen();
            return new PortHolder(socket, port.Protocol == "tcp" ? TcpProxy.Start(socket, target) : null);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _proxy?.Dispose();
        _socket?.Dispose();
    }
}
