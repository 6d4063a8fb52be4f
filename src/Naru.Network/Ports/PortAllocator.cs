using System.Net;
using System.Net.Sockets;
using Naru.Base;

namespace Naru.Network;

/// <summary>Chooses host ports and keeps a socket on each, so that no other program can take a port that leads to a container.</summary>
/// <remarks>Docker's order: an explicit port or fails; a range, the lowest free; none, the next of the kernel's dynamic range after the last one given.</remarks>
internal sealed class PortAllocator(string rangeFile = "/proc/sys/net/ipv4/ip_local_port_range") : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<PublishedPort, PortHolder> _held = [];
    private readonly Dictionary<string, int> _lastDynamic = [];

    /// <summary>Reserves all of <paramref name="requests"/> or none.</summary>
    /// <exception cref="NaruException">Docker's «Bind for … failed: port is already allocated» or «failed to bind host port for …».</exception>
    public IReadOnlyList<PublishedPort> Reserve(IReadOnlyList<PortRequest> requests, IPAddress container)
    {
        var done = new List<PublishedPort>();
        lock (_gate)
        {
            try
            {
                // Explicit ports first, or a dynamic one could take what a later request names.
                foreach (var request in requests.OrderBy(request => request.HostPortFirst == 0 ? 2 : request.HostPortFirst != request.HostPortLast ? 1 : 0))
                    done.AddRange(Reserve(request, container));
                return done;
            }
            catch
            {
                Release(done);
                throw;
            }
        }
    }

    /// <summary>Takes the ports of a container that was running before this engine started.</summary>
    public void Restore(PublishedPort port, IPAddress container)
    {
        lock (_gate)
            _held[port] = PortHolder.Open(port, container);
    }

    public void Release(IEnumerable<PublishedPort> ports)
    {
        lock (_gate)
        {
            foreach (var port in ports)
            {
                if (_held.Remove(port, out var holder))
                    holder.Dispose();
            }
        }
    }

    /// <summary>Lets every port go.</summary>
    public void Dispose()
    {
        lock (_gate)
            Release([.. _held.Keys]);
    }

    private PublishedPort[] Reserve(PortRequest request, IPAddress container)
    {
        var addresses = request.HostAddress is { } one ? [one] : HostHasIPv6 ? [IPAddress.Any, IPAddress.IPv6Any] : new[] { IPAddress.Any };
        var dynamic = request.HostPortFirst == 0;
        var (first, last) = dynamic ? DynamicRange() : (request.HostPortFirst, request.HostPortLast);
        var count = last - first + 1;
        var offset = dynamic && _lastDynamic.TryGetValue(request.Protocol, out var previous) ? previous + 1 - first : 0;
        NaruException? failure = null;
        for (var i = 0; i < count; i++)
        {
            var port = first + ((offset + i) % count + count) % count;
            var wanted = Array.ConvertAll(addresses, address => new PublishedPort
            {
                ContainerPort = request.ContainerPort,
                Protocol = request.Protocol,
                HostAddress = address.ToString(),
                HostPort = port,
            });
            failure = TryHold(wanted, container);
            if (failure is null)
            {
                if (dynamic)
                    _lastDynamic[request.Protocol] = port;
                return wanted;
            }
        }

        throw dynamic ? new NaruException(ErrorKind.Internal, "all ports are allocated", failure) : failure!;
    }

    private NaruException? TryHold(PublishedPort[] wanted, IPAddress container)
    {
        foreach (var port in wanted)
        {
            if (_held.Keys.FirstOrDefault(held => Conflicts(held, port)) is { } taken)
                return new NaruException(ErrorKind.Internal, $"Bind for {Show(taken)} failed: port is already allocated");
        }

        var opened = new List<PublishedPort>();
        foreach (var port in wanted)
        {
            try
            {
                _held[port] = PortHolder.Open(port, container);
                opened.Add(port);
            }
            catch (SocketException e)
            {
                Release(opened);
                return new NaruException(ErrorKind.Internal, $"failed to bind host port for {Show(port)}:{container}:{port.ContainerPort}/{port.Protocol}: {Reason(e)}", e);
            }
        }

        return null;
    }

    private static bool Conflicts(PublishedPort held, PublishedPort wanted)
    {
        if (held.HostPort != wanted.HostPort || held.Protocol != wanted.Protocol)
            return false;
        var (a, b) = (held.Host, wanted.Host);
        return a.AddressFamily == b.AddressFamily && (a.Equals(b) || IsAny(a) || IsAny(b));
    }

    private static bool IsAny(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static string Show(PublishedPort port) => new IPEndPoint(port.Host, port.HostPort).ToString();

    private static string Reason(SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => "address already in use",
        SocketError.AddressNotAvailable => "cannot assign requested address",
        SocketError.AccessDenied => "permission denied",
        _ => e.Message,
    };

    private static bool HostHasIPv6 { get; } = File.Exists("/proc/net/if_inet6") && File.ReadAllText("/proc/net/if_inet6").Length > 0;

    /// <summary>First and last dynamic port: the kernel's own setting, else IANA's range as Docker has it.</summary>
    private (int First, int Last) DynamicRange()
    {
        try
        {
            var parts = File.ReadAllText(rangeFile).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            return (int.Parse(parts[0]), int.Parse(parts[1]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return (49153, 65535);
        }
    }
}
