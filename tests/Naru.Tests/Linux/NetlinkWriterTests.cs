using System.Net;
using Naru.Linux;

namespace Naru.Tests.Linux;

public sealed class NetlinkWriterTests
{
    [Fact]
    public void A_bridge_is_one_message()
    {
        var writer = new NetlinkWriter();
        writer.AddBridge("naru0", [0x02, 0x42, 0xac, 0x11, 0x00, 0x01], 1500);
        Assert.Equal(
            Hex("""
                50000000 1000 0506 00000000 00000000   80 bytes, RTM_NEWLINK, REQUEST|ACK|EXCL|CREATE, sequence, port
                00 00 0000 00000000 00000000 00000000  ifinfomsg: no index, no flags
                0a00 0300 6e6172753000 0000            IFLA_IFNAME naru0, padding
                0800 0400 dc050000                     IFLA_MTU 1500
                0a00 0100 0242ac110001 0000            IFLA_ADDRESS, padding
                1000 1280                              IFLA_LINKINFO, nested
                0b00 0100 62726964676500 00            IFLA_INFO_KIND bridge, padding
                """),
            Convert.ToHexStringLower(writer.Bytes));
    }

    [Fact]
    public void An_address_carries_its_broadcast()
    {
        var writer = new NetlinkWriter();
        writer.AddAddress(2, IPAddress.Parse("172.17.0.2"), 16);
        Assert.Equal(
            Hex("""
                30000000 1400 0506 00000000 00000000   48 bytes, RTM_NEWADDR
                02 10 00 00 02000000                   AF_INET, /16, flags, scope, link 2
                0800 0200 ac110002                     IFA_LOCAL
                0800 0100 ac110002                     IFA_ADDRESS
                0800 0400 ac11ffff                     IFA_BROADCAST
                """),
            Convert.ToHexStringLower(writer.Bytes));
    }

    [Fact]
    public void A_published_port_is_one_element_as_nft_writes_it()
    {
        var writer = new NetlinkWriter();
        writer.AddElements("narux", "published", [new NftablesElement([6, 0, 0, 0, 0x1f, 0x91, 0, 0], [0xac, 0x11, 0, 2, 0, 0x50, 0, 0])]);
        Assert.Equal(
            Hex("""
                58000000 0c0a 0504 00000000 00000000   88 bytes, nf_tables NEWSETELEM, REQUEST|ACK|CREATE
                02 00 0000                             nfgenmsg: AF_INET
                0a00 0100 6e6172757800 0000            table narux
                0e00 0200 7075626c697368656400 0000    set published
                2800 0380 2400 0180                    elements, one element
                1000 0180 0c00 0100 06000000 1f910000  key: tcp, 8081
                1000 0280 0c00 0100 ac110002 00500000  data: 172.17.0.2, 80
                """),
            Convert.ToHexStringLower(writer.Bytes));
    }

    /// <summary>The hex of each line, up to the first run of three spaces.</summary>
    private static string Hex(string annotated) =>
        string.Concat(annotated.Split('\n').Select(line => line.Split("  ")[0].Replace(" ", "")));
}
