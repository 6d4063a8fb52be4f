using System.Net;
using System.Net.Sockets;
using Naru.Base;
using Naru.Linux;
using Naru.Network;
using static Naru.System.Tests.Network.BridgeWorld;

namespace Naru.System.Tests.Network;

/// <summary>Published ports, from every side.</summary>
public sealed class PublishedPortTests : IDisposable
{
    private readonly BridgeWorld _world = new();

    [Fact]
    public void Tcp_answers_on_both_loopbacks_and_to_containers()
    {
        var a = _world.Attach("a", PortRequest.Parse("80/tcp", "", "18080"), PortRequest.Parse("81/tcp", "::1", "18081"));
        var b = _world.Attach("b");
        using var inside = NetNs.Open(a.Path);
        using var beside = NetNs.Open(b.Path);
        using var web = Listen(inside, 80);
        using var local = Listen(inside, 81);
        Assert.True(Reaches(_world.Machine, IPAddress.Loopback, 18080), "127.0.0.1");
        Assert.True(Reaches(_world.Machine, IPAddress.IPv6Loopback, 18080), "::1");
        Assert.True(Reaches(_world.Machine, IPAddress.IPv6Loopback, 18081), "::1, bound there");
        Assert.False(Reaches(_world.Machine, IPAddress.Loopback, 18081), "127.0.0.1, bound on ::1");
        Assert.True(Reaches(beside, MachineAddress, 18080), "another container by the machine's address");
        Assert.True(Reaches(beside, _world.Network.Gateway, 18080), "another container by the gateway");
        Assert.True(Reaches(inside, MachineAddress, 18080), "the container itself, by the machine's address");
        _world.Network.Release(a);
        Assert.False(Reaches(_world.Machine, IPAddress.IPv6Loopback, 18080), "released");
    }

    [Fact]
    public void Udp_answers_from_every_side_and_follows_the_port_to_its_next_container()
    {
        var a = _world.Attach("c", PortRequest.Parse("53/udp", "", "18053"));
        using var inside = NetNs.Open(a.Path);
        var first = Echo(inside, 53, "first");
        Assert.Equal("first", Ask(_world.Outside, MachineAddress, 18053));
        Assert.Equal("first", Ask(_world.Machine, IPAddress.Loopback, 18053));
        // A client that never pauses keeps its flow alive in connection tracking.
        using var client = _world.Outside.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 1000 });
        Assert.Equal("first", Ask(client, new IPEndPoint(MachineAddress, 18053)));
        first.Dispose();
        _world.Network.Release(a);
        var other = _world.Attach("d");
        var b = _world.Attach("e", PortRequest.Parse("53/udp", "", "18053"));
        using var next = NetNs.Open(b.Path);
        using var second = Echo(next, 53, "second");
        Assert.Equal("second", Ask(client, new IPEndPoint(MachineAddress, 18053)));
        _world.Network.Release(other);
        _world.Network.Release(b);
    }

    [Fact]
    public void Connections_leave_the_machine_under_its_own_address()
    {
        var a = _world.Attach("f");
        using var inside = NetNs.Open(a.Path);
        using var server = Listen(_world.Outside, 90);
        using var client = inside.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(NeighbourAddress, 90);
            return socket;
        });
        using var accepted = server.Accept();
        Assert.Equal(MachineAddress, ((IPEndPoint)accepted.RemoteEndPoint!).Address);
        // And a published port shows who asks.
        using var web = Listen(inside, 80);
        var b = _world.Attach("g", PortRequest.Parse("80/tcp", "", "18080"));
        using var other = NetNs.Open(b.Path);
        using var page = Listen(other, 80);
        using var visitor = _world.Outside.Run(() =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(MachineAddress, 18080);
            return socket;
        });
        using var visit = page.Accept();
        Assert.Equal(NeighbourAddress, ((IPEndPoint)visit.RemoteEndPoint!).Address);
    }

    [Fact]
    public void A_port_that_is_taken_is_named_in_Dockers_words()
    {
        using var held = Listen(_world.Machine, 18080);
        Assert.EndsWith(
            "failed to bind host port for 0.0.0.0:18080:172.17.0.2:80/tcp: address already in use",
            Assert.Throws<NaruException>(() => _world.Attach("h", PortRequest.Parse("80/tcp", "", "18080"))).Message);
        var a = _world.Attach("i", PortRequest.Parse("80/tcp", "127.0.0.1", "18081"));
        Assert.EndsWith("Bind for 127.0.0.1:18081 failed: port is already allocated", Assert.Throws<NaruException>(() => _world.Attach("j", PortRequest.Parse("80/tcp", "", "18081"))).Message);
        // The same number is another port in another protocol, and on another address.
        _world.Network.Release(_world.Attach("k", PortRequest.Parse("80/udp", "", "18081"), PortRequest.Parse("80/tcp", "10.99.0.1", "18081")));
        Assert.EndsWith("cannot assign requested address", Assert.Throws<NaruException>(() => _world.Attach("l", PortRequest.Parse("80/tcp", "192.0.2.1", "18082"))).Message);
        _world.Network.Release(a);
        Assert.Empty(_world.Pins);
    }

    [Fact]
    public void Of_a_range_the_first_free_port_is_taken_and_without_a_port_any_is()
    {
        using var held = Listen(_world.Machine, 18090);
        var a = _world.Attach("m", PortRequest.Parse("80/tcp", "", "18090-18092"), PortRequest.Parse("81/tcp", "", "18090-18092"), PortRequest.Parse("82/tcp", "127.0.0.1", ""));
        Assert.Equal([18091, 18092], a.Endpoint!.Ports.Where(port => port.ContainerPort < 82 && port.HostAddress == "0.0.0.0").Select(port => port.HostPort).Order());
        Assert.Throws<NaruException>(() => _world.Attach("n", PortRequest.Parse("80/tcp", "", "18090-18092")));
        var any = a.Endpoint.Ports.Single(port => port.ContainerPort == 82);
        Assert.Equal("127.0.0.1", any.HostAddress);
        using var inside = NetNs.Open(a.Path);
        using var web = Listen(inside, 82);
        Assert.True(Reaches(_world.Machine, IPAddress.Loopback, any.HostPort));
        _world.Network.Release(a);
    }

    public void Dispose() => _world.Dispose();
}
