using Naru.Cli;
using Naru.Cli.Commands.Networks;

namespace Naru.Tests.Cli;

public sealed class NetworkPoolsTests
{
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public void Each_goes_to_its_subnet() => Assert.Equal(
        """[{"Subnet":"10.0.0.0/16","IPRange":"10.0.1.0/24","Gateway":"10.0.0.1","AuxiliaryAddresses":{"a":"10.0.0.9"}},{"Subnet":"fd00::/64","Gateway":"fd00::1"}]""",
        NetworkPools.Gather(["10.0.0.0/16", "fd00::/64"], ["10.0.1.0/24"], ["fd00::1", "10.0.0.1"], new Dictionary<string, string> { ["a"] = "10.0.0.9" }).ToJsonString());

    [Theory]
    [InlineData("", "", "10.0.0.1", "every ip-range or gateway must have a corresponding subnet")]
    [InlineData("10.0.0.0/16", "10.1.0.0/24", "", "no matching subnet for range 10.1.0.0/24")]
    [InlineData("10.0.0.0/16", "", "10.1.0.1", "no matching subnet for gateway 10.1.0.1")]
    [InlineData("10.0.0.0/16 10.0.1.0/24", "", "", "multiple overlapping subnet configuration is not supported")]
    public void What_has_no_subnet_is_refused_in_Dockers_words(string subnets, string ranges, string gateways, string message) =>
        Assert.Equal(message, Assert.Throws<ExitException>(() => NetworkPools.Gather(Words(subnets), Words(ranges), Words(gateways), None)).Message);

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
