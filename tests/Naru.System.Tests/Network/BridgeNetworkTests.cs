using System.Net;
using System.Net.Sockets;
using Naru.Linux;
using Naru.Network;

namespace Naru.System.Tests.Network;

/// <summary>The bridge in a namespace that stands for the machine, with a neighbour outside of it.</summary>
public sealed class BridgeNetworkTests : IDisposable
{
    private static readonly IPAddress Machine = IPAddress.Parse("10.99.0.1"), Neighbour = IPAddress.Parse("10.99.0.2");

    private readonly string _folder = Directory.CreateTempSubdirectory("naru-network-").FullName;
    private readonly NetNs _machine;
    private readonly NetNs _outside;
    private readonly ContainerNetwork _network;

    public BridgeNetworkTests()
    {
        _outside = Make("outside", out var outside);
        _machine = Make("machine", out var machine);
        using (outside)
        using (machine)
        {
            var batch = new NetlinkWriter();
            batch.AddVeth("out", 0, 1500, "eth0", 2, MacAddress.Random(), _outside);
            batch.SetUp("out");
            machine.Execute(batch);
            batch = new NetlinkWriter();
            batch.AddAddress(machine.FindLink("out")!.Index, Machine, 24);
            machine.Execute(batch);
            batch = new NetlinkWriter();
            batch.SetUp(2);
            batch.AddAddress(2, Neighbour, 24);
            batch.AddDefaultRoute(2, Machine);
            outside.Execute(batch);
        }

        _network = _machine.Run(() => ContainerNetwork.Open(new NetworkOptions { PinFolder = Path.Combine(_folder, "pins") }, []));
    }

    [Fact]
    public void Containers_reach_each_other_and_the_neighbour_reaches_published_ports_only()
    {
        var a = Attach("a", PortRequest.Parse("80/tcp", "", "18080"), PortRequest.Parse("81/tcp", "127.0.0.1", "18081"));
        var b = Attach("b");
        using var inside = NetNs.Open(a.Path);
        using var beside = NetNs.Open(b.Path);
        using var web = Listen(inside, 80);
        using var local = Listen(inside, 81);
        using var hidden = Listen(inside, 82);
        var address = IPAddress.Parse(a.Endpoint!.Address);

        Assert.True(Reaches(beside, address, 80), "container to container");
        Assert.True(Reaches(_machine, address, 82), "machine to container");
        Assert.True(Reaches(_machine, IPAddress.Loopback, 18080), "machine by loopback");
        Assert.True(Reaches(_machine, Machine, 18080), "machine by its own address");
        Assert.True(Reaches(_machine, IPAddress.Loopback, 18081), "machine by loopback, bound there");
        Assert.True(Reaches(_outside, Machine, 18080), "neighbour to a published port");
        Assert.False(Reaches(_outside, Machine, 18081), "neighbour to a port of 127.0.0.1");
        Assert.False(Reaches(_outside, address, 80), "neighbour straight to the container, published");
        Assert.False(Reaches(_outside, address, 82), "neighbour straight to the container, not published");
        using (var server = Listen(_outside, 90))
            Assert.True(Reaches(beside, Neighbour, 90), "container to neighbour");

        _network.Release(a);
        Assert.False(Reaches(_outside, Machine, 18080), "released port");
        _network.Release(b);
    }

    [Fact]
    public void A_flushed_ruleset_is_built_again_for_the_next_container()
    {
        _machine.Run(() => Nftables.Run("flush ruleset"));
        var a = Attach("c", PortRequest.Parse("80/tcp", "", "18080"));
        using var inside = NetNs.Open(a.Path);
        using var web = Listen(inside, 80);
        Assert.True(Reaches(_outside, Machine, 18080));
        _network.Release(a);
    }

    [Fact]
    public void Nothing_is_left_after_a_release_nor_after_a_failure()
    {
        var first = Attach("d", PortRequest.Parse("80/tcp", "", "18080"));
        Assert.Throws<Naru.Base.NaruException>(() => Attach("e", PortRequest.Parse("80/tcp", "", "18080")));
        Assert.Single(Pins());
        _network.Release(first);
        _network.Release(first);
        Assert.Empty(Pins());
        using var route = _machine.Run(NetlinkSocket.OpenRoute);
        Assert.DoesNotContain(route.Links(), link => link.Name.StartsWith("veth", StringComparison.Ordinal));
        Assert.DoesNotContain("18080", _machine.Run(() => Nftables.Run("list table ip naru")));
    }

    [Fact]
    public void A_new_engine_takes_up_what_runs_and_sweeps_the_rest()
    {
        var kept = Attach("f", PortRequest.Parse("80/tcp", "", "18080"));
        Attach("g", PortRequest.Parse("80/tcp", "", "18082"));
        _network.Dispose();
        using var next = _machine.Run(() => ContainerNetwork.Open(new NetworkOptions { PinFolder = Path.Combine(_folder, "pins") }, [kept]));
        Assert.Equal([kept.Path], Pins());
        using var inside = NetNs.Open(kept.Path);
        using var web = Listen(inside, 80);
        Assert.True(Reaches(_outside, Machine, 18080));
        Assert.Equal("172.17.0.3", _machine.Run(() => next.Attach(new SandboxRequest { ContainerId = "h", ContainerName = "h" })).Endpoint!.Address);
    }

    public void Dispose()
    {
        _network.Dispose();
        foreach (var pin in Pins().Concat(Directory.EnumerateFiles(_folder)).ToList())
            NetNs.Unpin(pin);
        _machine.Dispose();
        _outside.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string[] Pins() => Directory.GetFiles(Path.Combine(_folder, "pins"));

    private Sandbox Attach(string id, params PortRequest[] ports) =>
        _machine.Run(() => _network.Attach(new SandboxRequest { ContainerId = id, ContainerName = id, Ports = ports }));

    private NetNs Make(string name, out NetlinkSocket route) => NetNs.Create(
        Path.Combine(_folder, name),
        () =>
        {
            var socket = NetlinkSocket.OpenRoute();
            var batch = new NetlinkWriter();
            batch.SetUp(1);
            socket.Execute(batch);
            return socket;
        },
        out route);

    private static Socket Listen(NetNs netns, int port) => netns.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        socket.Listen();
        return socket;
    });

    /// <summary>Whether a connection is made; one that is dropped on the way takes the whole second to fail.</summary>
    private static bool Reaches(NetNs from, IPAddress address, int port) => from.Run(() =>
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            return socket.ConnectAsync(address, port).Wait(TimeSpan.FromSeconds(1));
        }
        catch (AggregateException)
        {
            return false;
        }
    });
}
