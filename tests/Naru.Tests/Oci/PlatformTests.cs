using Naru.Oci;

namespace Naru.Tests.Oci;

public sealed class PlatformTests
{
    [Theory]
    [InlineData("linux/amd64", "linux/amd64")]
    [InlineData("linux/x86_64", "linux/amd64")]
    [InlineData("linux/amd64/v1", "linux/amd64")]
    [InlineData("aarch64", "linux/arm64")]
    [InlineData("linux/arm64/v8", "linux/arm64")]
    [InlineData("linux/arm", "linux/arm/v7")]
    [InlineData("linux/armel", "linux/arm/v6")]
    [InlineData("macos/arm64", "darwin/arm64")]
    public void Spellings_become_one(string text, string normal) => Assert.Equal(normal, Platform.Parse(text).ToString());

    [Theory]
    [InlineData("linux/arm/v7", "linux/arm/v6", 1)]
    [InlineData("linux/arm/v6", "linux/arm/v7", -1)]
    [InlineData("linux/amd64", "linux/386", 1)]
    [InlineData("linux/amd64/v3", "linux/amd64", 2)]
    [InlineData("linux/arm64", "linux/arm/v8", 1)]
    [InlineData("linux/amd64", "windows/amd64", -1)]
    public void A_platform_ranks_what_it_can_run(string host, string image, int rank) =>
        Assert.Equal(rank, Platform.Parse(host).Rank(Platform.Parse(image)));
}
