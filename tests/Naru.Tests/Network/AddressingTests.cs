using System.Net;
using Naru.Base;
using Naru.Network;

namespace Naru.Tests.Network;

public sealed class AddressingTests
{
    [Fact]
    public void The_first_pool_without_a_route_is_taken() =>
        Assert.Equal(
            IPNetwork.Parse("172.19.0.0/16"),
            SubnetChoice.FirstFree([], [IPNetwork.Parse("0.0.0.0/0"), IPNetwork.Parse("172.17.0.0/16"), IPNetwork.Parse("172.18.3.0/24")]));

    [Fact]
    public void After_172_31_comes_192_168() =>
        Assert.Equal(IPNetwork.Parse("192.168.16.0/20"), SubnetChoice.FirstFree([], [IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.1.0/24")]));

    [Fact]
    public void The_lowest_free_address_is_given()
    {
        var pool = new AddressPool(IPNetwork.Parse("172.17.0.0/16"));
        Assert.Equal("172.17.0.1", pool.Gateway.ToString());
        Assert.Equal("172.17.0.2", pool.Allocate("a").ToString());
        pool.Restore(IPAddress.Parse("172.17.0.3"), "b");
        Assert.Equal("172.17.0.4", pool.Allocate("c").ToString());
        pool.Release(IPAddress.Parse("172.17.0.2"), "a");
        Assert.Equal("172.17.0.2", pool.Allocate("d").ToString());
        // A second release by the old owner takes nothing from the new one.
        pool.Release(IPAddress.Parse("172.17.0.2"), "a");
        Assert.Equal("172.17.0.5", pool.Allocate("e").ToString());
    }

    [Fact]
    public void A_full_subnet_says_so()
    {
        var pool = new AddressPool(IPNetwork.Parse("10.0.0.0/30"));
        pool.Allocate("a");
        Assert.Contains("no available IPv4 addresses", Assert.Throws<NaruException>(() => pool.Allocate("b")).Message);
    }

    [Fact]
    public void A_port_is_given_once()
    {
        using var ports = new PortAllocator();
        var container = IPAddress.Parse("127.0.0.9");
        var first = ports.Reserve([PortRequest.Parse("80/tcp", "127.0.0.1", "")], container)[0];
        var again = Assert.Throws<NaruException>(() => ports.Reserve([PortRequest.Parse("80/tcp", "127.0.0.1", first.HostPort.ToString())], container));
        Assert.Equal($"Bind for 127.0.0.1:{first.HostPort} failed: port is already allocated", again.Message);
        using var other = new PortAllocator();
        var taken = Assert.Throws<NaruException>(() => other.Reserve([PortRequest.Parse("80/tcp", "127.0.0.1", first.HostPort.ToString())], container));
        Assert.Equal($"failed to bind host port for 127.0.0.1:{first.HostPort}:127.0.0.9:80/tcp: address already in use", taken.Message);
        ports.Release([first]);
        Assert.Equal(first, other.Reserve([PortRequest.Parse("80/tcp", "127.0.0.1", first.HostPort.ToString())], container)[0]);
    }

    [Fact]
    public void Hosts_has_dockers_lines() =>
        Assert.EndsWith(
            "ff02::2\tip6-allrouters\n172.17.0.1\tfoo\n1.2.3.4\tx\n172.17.0.2\thh.ex.org hh\n",
            HostsFile.Generate("hh", "ex.org", "172.17.0.2", ["foo:host-gateway", "x:1.2.3.4"], IPAddress.Parse("172.17.0.1")));

    [Fact]
    public void Resolv_conf_leaves_loopback_servers_out()
    {
        var text = ResolvConf.Generate("nameserver 127.0.0.53\nnameserver 9.9.9.9\nsearch a b\n", [], [], []);
        Assert.Contains("\n\nnameserver 9.9.9.9\nsearch a b\n\n# Based on host file: '/etc/resolv.conf' (legacy)\n# Overrides: []\n", text);
        Assert.Contains("nameserver 8.8.8.8\nnameserver 8.8.4.4\n", ResolvConf.Generate("nameserver ::1\n", [], [], []));
        Assert.Contains(
            "nameserver 1.1.1.1\nsearch a.b\noptions ndots:3\n\n# Based on host file: '/etc/resolv.conf' (legacy)\n# Overrides: [nameservers search options]\n# Option ndots from: override\n",
            ResolvConf.Generate("", ["1.1.1.1"], ["a.b"], ["ndots:3"]));
    }
}
