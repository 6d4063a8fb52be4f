using System.Net;
using Naru.Linux;
using Naru.Network;
using static Naru.System.Tests.Network.BridgeWorld;

namespace Naru.System.Tests.Network;

/// <summary>A machine whose iptables, by Docker's doing or a firewall service's, drops what it does not know.</summary>
public sealed class ForeignFirewallTests
{
    private const string Dropping = """
        table ip filter {
          chain FORWARD { type filter hook forward priority 0; policy drop; jump DOCKER-USER; oifname "docker0" drop; }
          chain DOCKER-USER { }
        }
        """;

    [Fact]
    public void Our_traffic_passes_and_their_own_drops_still_hold()
    {
        using var world = new BridgeWorld(() => Nftables.Run("add table ip filter\nadd chain ip filter DOCKER-USER\n" + Dropping));
        var a = world.Attach("a", PortRequest.Parse("80/tcp", "", "18080"));
        using var inside = NetNs.Open(a.Path);
        using var web = Listen(inside, 80);
        using var server = Listen(world.Outside, 90);
        Assert.True(Reaches(world.Outside, MachineAddress, 18080), "in");
        Assert.True(Reaches(inside, NeighbourAddress, 90), "out");
        Assert.False(Reaches(world.Outside, IPAddress.Parse(a.Endpoint!.Address), 80), "straight to the container");
        world.Restart(a);
        Assert.Equal(2, world.Nft("list chain ip filter FORWARD").Split('\n').Count(line => line.Contains("naru0", StringComparison.Ordinal)));
        world.Network.Release(a);
    }
}
