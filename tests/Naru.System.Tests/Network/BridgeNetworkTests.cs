using System.Net;
using System.Net.Sockets;
using Naru.Base;
using Naru.Linux;
using Naru.Network;
using static Naru.System.Tests.Network.BridgeWorld;

namespace Naru.System.Tests.Network;

/// <summary>The bridge, its published ports and who may reach what.</summary>
public sealed class BridgeNetworkTests : IDisposable
{
    private readonly BridgeWorld _world = new();

    [Fact]
    public void Containers_reach_each_other_and_the_neighbour_reaches_published_ports_only()
    {
        var a = _world.Attach("a", PortRequest.Parse("80/tcp", "", "18080"), PortRequest.Parse("81/tcp", "127.0.0.1", "18081"));
        var b = _world.Attach("b");
        using var inside = NetNs.Open(a.Path);
        using var beside = NetNs.Open(b.Path);
        using var web = Listen(inside, 80);
        using var local = Listen(inside, 81);
        using var hidden = Listen(inside, 82);
        var address = IPAddress.Parse(a.Endpoint!.Address);

        Assert.True(Reaches(beside, address, 80), "container to container");
        Assert.True(Reaches(_world.Machine, address, 82), "machine to container");
        Assert.True(Reaches(_world.Machine, IPAddress.Loopback, 18080), "machine by loopback");
        Assert.True(Reaches(_world.Machine, MachineAddress, 18080), "machine by its own address");
        Assert.True(Reaches(_world.Machine, IPAddress.Loopback, 18081), "machine by loopback, bound there");
        Assert.True(Reaches(_world.Outside, MachineAddress, 18080), "neighbour to a published port");
        Assert.False(Reaches(_world.Outside, MachineAddress, 18081), "neighbour to a port of 127.0.0.1");
        Assert.False(Reaches(_world.Outside, address, 80), "neighbour straight to the container, published");
        Assert.False(Reaches(_world.Outside, address, 82), "neighbour straight to the container, not published");
        using (var server = Listen(_world.Outside, 90))
            Assert.True(Reaches(beside, NeighbourAddress, 90), "container to neighbour");

        _world.Network.Release(a);
        Assert.False(Reaches(_world.Outside, MachineAddress, 18080), "released port");
        _world.Network.Release(b);
    }

    [Fact]
    public void A_flushed_ruleset_is_built_again_for_the_next_container()
    {
        _world.Nft("flush ruleset");
        var a = _world.Attach("c", PortRequest.Parse("80/tcp", "", "18080"));
        using var inside = NetNs.Open(a.Path);
        using var web = Listen(inside, 80);
        Assert.True(Reaches(_world.Outside, MachineAddress, 18080));
        _world.Network.Release(a);
    }

    [Fact]
    public void Nothing_is_left_after_a_release_nor_after_a_failure()
    {
        var first = _world.Attach("d", PortRequest.Parse("80/tcp", "", "18080"));
        Assert.Throws<NaruException>(() => _world.Attach("e", PortRequest.Parse("80/tcp", "", "18080")));
        Assert.Single(_world.Pins);
        _world.Network.Release(first);
        _world.Network.Release(first);
        Assert.Empty(_world.Pins);
        using var route = _world.Machine.Run(NetlinkSocket.OpenRoute);
        Assert.DoesNotContain(route.Links(), link => link.Name.StartsWith("veth", StringComparison.Ordinal));
        Assert.DoesNotContain("18080", _world.Nft("list table ip naru"));
    }

    [Fact]
    public void A_new_engine_takes_up_what_runs_and_sweeps_the_rest()
    {
        var kept = _world.Attach("f", PortRequest.Parse("80/tcp", "", "18080"));
        _world.Attach("g", PortRequest.Parse("80/tcp", "", "18082"));
        _world.Restart(kept);
        Assert.Equal([kept.Path], _world.Pins);
        using var inside = NetNs.Open(kept.Path);
        using var web = Listen(inside, 80);
        Assert.True(Reaches(_world.Outside, MachineAddress, 18080));
        Assert.False(Reaches(_world.Outside, MachineAddress, 18082));
        Assert.Equal("172.17.0.3", _world.Attach("h").Endpoint!.Address);
    }

    [Fact]
    public void Ports_work_while_no_engine_runs()
    {
        var a = _world.Attach("i", PortRequest.Parse("80/tcp", "", "18080"), PortRequest.Parse("53/udp", "", "18053"));
        _world.Network.Dispose();
        using var inside = NetNs.Open(a.Path);
        using var web = Listen(inside, 80);
        using var names = Echo(inside, 53, "here");
        Assert.True(Reaches(_world.Outside, MachineAddress, 18080), "from outside");
        Assert.True(Reaches(_world.Machine, IPAddress.Loopback, 18080), "by loopback");
        Assert.Equal("here", Ask(_world.Outside, MachineAddress, 18053));
        Assert.Equal("here", Ask(_world.Machine, IPAddress.Loopback, 18053));
        _world.Restart(a);
    }

    [Fact]
    public void A_bridge_that_was_deleted_comes_back_with_its_containers()
    {
        var a = _world.Attach("j", PortRequest.Parse("80/tcp", "", "18080"));
        _world.InMachine(() =>
        {
            using var route = NetlinkSocket.OpenRoute();
            var batch = new NetlinkWriter();
            batch.DeleteLink("naru0");
            route.Execute(batch);
        });
        _world.Restart(a);
        using var inside = NetNs.Open(a.Path);
        using var web = Listen(inside, 80);
        Assert.True(Reaches(_world.Outside, MachineAddress, 18080));
        Assert.Equal("172.17.0.1", _world.Network.Gateway.ToString());
    }

    [Fact]
    public void Addresses_are_given_once_whoever_asks_at_once()
    {
        var all = new Sandbox[24];
        Parallel.For(0, all.Length, new() { MaxDegreeOfParallelism = 8 }, i => all[i] = _world.Attach($"k{i}", PortRequest.Parse("80/tcp", "", "")));
        Assert.Equal(all.Length, all.Select(sandbox => sandbox.Endpoint!.Address).Distinct().Count());
        Assert.Equal(all.Length, all.Select(sandbox => sandbox.Endpoint!.MacAddress).Distinct().Count());
        Assert.Equal(all.Length, all.Select(sandbox => sandbox.Endpoint!.Ports[0].HostPort).Distinct().Count());
        _world.Restart(all);
        Assert.DoesNotContain(_world.Attach("another").Endpoint!.Address, all.Select(sandbox => sandbox.Endpoint!.Address));
        Parallel.ForEach(all, sandbox => _world.Network.Release(sandbox));
    }

    [Fact]
    public void A_bridge_address_that_is_asked_for_is_taken_unless_containers_use_another()
    {
        var a = _world.Attach("l");
        _world.Network.Dispose();
        var options = new NetworkOptions { PinFolder = "", Subnet = IPNetwork.Parse("10.77.0.0/24"), Gateway = IPAddress.Parse("10.77.0.9") };
        var refused = Assert.Throws<NaruException>(() => _world.Open(options, a));
        Assert.Contains("containers on it", refused.Message);
        using var next = _world.Open(options);
        var b = _world.Machine.Run(() => next.Attach(new SandboxRequest { ContainerId = "m", ContainerName = "m" }));
        Assert.Equal(("10.77.0.1", "10.77.0.9", 24), (b.Endpoint!.Address, b.Endpoint.Gateway, b.Endpoint.PrefixLength));
        next.Release(b);
        _world.Restart();
    }

    public void Dispose() => _world.Dispose();
}
