using System.Net.Http.Headers;
using Naru.Images;

namespace Naru.Tests.Images;

public sealed class RegistryHostTests
{
    [Theory]
    [InlineData("registry-1.docker.io", "https://auth.docker.io/token", true)]
    [InlineData("ghcr.io", "https://ghcr.io/token", true)]
    [InlineData("registry.gitlab.com", "https://gitlab.com/jwt/auth", true)]
    [InlineData("registry-1.docker.io", "https://auth.docker.io.evil.com/token", false)]
    [InlineData("registry.example.com", "https://evil.com/token", false)]
    [InlineData("registry.example.com", "http://registry.example.com/token", false)]
    [InlineData("foo.co.uk", "https://evil.co.uk/token", false)]
    [InlineData("localhost:5000", "https://localhost:5001/token", true)]
    public void Credentials_stay_with_the_registry(string registry, string realm, bool allowed) =>
        Assert.Equal(allowed, RegistryHost.MaySendCredentials(registry, new Uri(realm), plainAllowed: false));

    [Theory]
    [InlineData("127.0.0.1:5000", true)]
    [InlineData("127.1.2.3", true)]
    [InlineData("localhost", true)]
    [InlineData("[::1]:5000", true)]
    [InlineData("10.0.0.1:5000", false)]
    [InlineData("localhost.example.com", false)]
    public void Only_loopback_may_be_plain(string domain, bool loopback) => Assert.Equal(loopback, RegistryHost.IsLoopback(domain));

    [Fact]
    public void Insecure_registries_are_names_or_blocks()
    {
        Assert.True(RegistryHost.IsInsecure("10.1.2.3:5000", ["10.0.0.0/8"]));
        Assert.True(RegistryHost.IsInsecure("reg.local:5000", ["reg.local:5000"]));
        Assert.False(RegistryHost.IsInsecure("reg.local:5001", ["reg.local:5000"]));
    }

    [Fact]
    public void A_bearer_challenge_is_taken_apart()
    {
        using var response = new HttpResponseMessage();
        response.Headers.WwwAuthenticate.Add(new AuthenticationHeaderValue("Bearer", "realm=\"https://a.b/t\",service=\"s\",scope=\"repository:x:pull,push\""));
        Assert.Equal(new AuthenticateChallenge("bearer", "https://a.b/t", "s", "repository:x:pull,push"), AuthenticateChallenge.Choose(response.Headers.WwwAuthenticate));
    }
}
