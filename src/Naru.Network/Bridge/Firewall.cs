using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Naru.Base;
using Naru.Linux;

namespace Naru.Network;

/// <summary>This engine's nf_tables table: masquerading, published ports, and what may reach a container.</summary>
/// <remarks>
/// The rules never change; a published port is one element of one of two maps, added and removed by a message to the kernel of our own making.
/// `published` leads from a protocol and port of any local address, `published_at` from those of one address. A table that vanished (`nft flush ruleset`) is built again.
/// </remarks>
internal sealed class Firewall : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _table;
    private readonly string _bridge;
    private readonly AddressPool _pool;
    private readonly NetlinkSocket _socket;
    private readonly Dictionary<PublishedPort, IPAddress> _ports = [];

    public Firewall(string table, string bridge, AddressPool pool)
    {
        (_table, _bridge, _pool) = (table, bridge, pool);
        _socket = NetlinkSocket.OpenNetfilter();
    }

    /// <summary>Builds the table anew, in one transaction, with every port known.</summary>
    public void Rebuild()
    {
        lock (_gate)
        {
            Nftables.Run(Script());
            ForeignForward.Allow(_bridge);
        }
    }

    /// <summary>Enters ports before the first <see cref="Rebuild"/>.</summary>
    public void Restore(IEnumerable<PublishedPort> ports, IPAddress container)
    {
        foreach (var port in ports.Where(IsIPv4))
            _ports[port] = container;
    }

    public void Publish(IReadOnlyList<PublishedPort> ports, IPAddress container)
    {
        lock (_gate)
        {
            Restore(ports, container);
            Change(ports, container);
        }

        if (ports.Any(port => port.Protocol == "udp"))
            ForgetFlows(flow => flow.Protocol == 17 && ports.Any(port => port.Protocol == "udp" && port.HostPort == flow.Port));
    }

    public void Unpublish(IReadOnlyList<PublishedPort> ports, IPAddress container)
    {
        lock (_gate)
        {
            foreach (var port in ports)
                _ports.Remove(port);
            Change(ports, null);
        }

        if (ports.Any(port => port.Protocol == "udp"))
            ForgetFlows(flow => flow.Protocol == 17 && flow.Answerer.Equals(container));
    }

    /// <summary>Takes the whole table away; one that is not there is fine.</summary>
    public void Remove()
    {
        lock (_gate)
            Nftables.Run($"table ip {_table}\ndelete table ip {_table}\n");
    }

    /// <summary>Waits, on a thread of its own, for the table to vanish, and builds it again.</summary>
    public void Watch(CancellationToken stop) => NftablesWatch.Start(_table, Vanished, stop);

    public void Dispose() => _socket.Dispose();

    private void Vanished()
    {
        Log.Warn($"nftables table ip {_table} vanished; building it again");
        Rebuild();
    }

    /// <summary>Adds (or with null removes) the elements; a missing table or element means that the table was touched: it is built again.</summary>
    private void Change(IReadOnlyList<PublishedPort> ports, IPAddress? container)
    {
        var batch = new NetlinkWriter();
        batch.BeginBatch();
        foreach (var map in ports.Where(IsIPv4).GroupBy(MapOf))
        {
            if (container is null)
                batch.DeleteElements(_table, map.Key, map.Select(Key));
            else
                batch.AddElements(_table, map.Key, map.Select(port => new NftablesElement(Key(port), Value(port, container))));
        }

        batch.EndBatch();
        if (!ports.Any(IsIPv4) || _socket.TryExecute(batch) is not { } error)
            return;
        Log.Debug($"{error.ToException().Message}; building nftables table ip {_table} again");
        Nftables.Run(Script());
    }

    private void ForgetFlows(Func<TrackedFlow, bool> which)
    {
        try
        {
            ConnectionTracking.Delete(_socket, which);
        }
        catch (LinuxException e)
        {
            // Old flows keep their old way until they time out; everything else works.
            Log.Warn($"connection tracking: {e.Message}");
        }
    }

    private static bool IsIPv4(PublishedPort port) => port.Host.AddressFamily == AddressFamily.InterNetwork;

    private static string MapOf(PublishedPort port) => port.Host.Equals(IPAddress.Any) ? "published" : "published_at";

    /// <summary>[address,] protocol and port, each in 4 bytes.</summary>
    private static byte[] Key(PublishedPort port) =>
        [.. port.Host.Equals(IPAddress.Any) ? [] : port.Host.GetAddressBytes(), port.ProtocolNumber, 0, 0, 0, .. PortBytes(port.HostPort)];

    private static byte[] Value(PublishedPort port, IPAddress container) => [.. container.GetAddressBytes(), .. PortBytes(port.ContainerPort)];

    private static byte[] PortBytes(int port)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, (ushort)port);
        return bytes;
    }

    private string Script()
    {
        string Elements(string map)
        {
            var elements = _ports.Where(entry => MapOf(entry.Key) == map).Select(entry =>
                $"{(map == "published_at" ? entry.Key.HostAddress + " . " : "")}{entry.Key.Protocol} . {entry.Key.HostPort} : {entry.Value} . {entry.Key.ContainerPort}").ToList();
            return elements.Count == 0 ? "" : $"elements = {{ {string.Join(", ", elements)} }}";
        }

        // «table» first: deleting one that is not there would fail the whole transaction.
        return $$"""
            table ip {{_table}}
            delete table ip {{_table}}
            table ip {{_table}} {
              map published {
                type inet_proto . inet_service : ipv4_addr . inet_service
                {{Elements("published")}}
              }
              map published_at {
                type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service
                {{Elements("published_at")}}
              }
              # From outside, nobody talks to 127.0.0.1 (route_localnet is on for the bridge) nor straight to a container's address.
              chain raw {
                type filter hook prerouting priority -300; policy accept;
                iifname != "lo" ip daddr 127.0.0.0/8 drop
                iifname != "{{_bridge}}" ip daddr {{_pool.Subnet}} ip daddr != {{_pool.Gateway}} drop
              }
              chain publish {
                meta l4proto { tcp, udp, sctp } dnat ip to ip daddr . meta l4proto . th dport map @published_at
                meta l4proto { tcp, udp, sctp } dnat ip to meta l4proto . th dport map @published
              }
              chain prerouting {
                type nat hook prerouting priority -100; policy accept;
                # A container's own way to a published port is the socket behind it: translated here, br_netfilter would send it back into its own port.
                iifname != "{{_bridge}}" fib daddr type local jump publish
              }
              chain output {
                type nat hook output priority -100; policy accept;
                fib daddr type local jump publish
              }
              chain postrouting {
                type nat hook postrouting priority 100; policy accept;
                ip saddr {{_pool.Subnet}} oifname != "{{_bridge}}" masquerade
                # The host's loopback: the answer must come back here.
                ip saddr 127.0.0.0/8 oifname "{{_bridge}}" ct status dnat masquerade
              }
              chain forward {
                type filter hook forward priority 0; policy accept;
                oifname "{{_bridge}}" jump to_containers
              }
              chain to_containers {
                ct state established,related accept
                iifname "{{_bridge}}" accept
                ct status dnat accept
                drop
              }
            }
            """;
    }
}
