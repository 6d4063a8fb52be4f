using Naru.Base;
using Naru.Cli.Commands.Containers;

namespace Naru.Tests.Cli;

public sealed class PublishedPortsTests
{
    [Theory]
    [InlineData("80", "80/tcp=:")]
    [InlineData("8080:80", "80/tcp=:8080")]
    [InlineData("127.0.0.1:8080:80/udp", "80/udp=127.0.0.1:8080")]
    [InlineData("127.0.0.1::80", "80/tcp=127.0.0.1:")]
    [InlineData("[::1]:8080:80", "80/tcp=::1:8080")]
    [InlineData("8000-8001:80-81", "80/tcp=:8000 81/tcp=:8001")]
    [InlineData("8000-8010:80", "80/tcp=:8000-8010")]
    [InlineData("target=80,published=8080,protocol=udp", "80/udp=:8080")]
    public void Ports_read(string spec, string expected)
    {
        var ports = new PublishedPorts();
        ports.Publish(spec);
        Assert.Equal(expected, string.Join(' ', ports.Bindings.Select(pair => $"{pair.Key}={pair.Value[0].HostIp}:{pair.Value[0].HostPort}")));
        Assert.Equal(ports.Bindings.Keys, ports.Exposed.Keys);
    }

    [Theory]
    [InlineData("abc", "invalid containerPort: abc")]
    [InlineData("99999:1", "invalid hostPort: 99999")]
    [InlineData("", "no port specified: <empty>")]
    [InlineData("80/foo", "invalid proto: foo")]
    [InlineData("1.2.3:80:80", "invalid IP address: 1.2.3")]
    [InlineData("80-82:80-81", "invalid ranges specified for container and host Ports: 80-81 and 80-82")]
    [InlineData("target=80,mode=bogus", "invalid mode: bogus")]
    public void Ports_are_refused_in_Dockers_words(string spec, string message) =>
        Assert.Equal(message, Assert.Throws<NaruException>(() => new PublishedPorts().Publish(spec)).Message);

    [Fact]
    public void Exposed_ports_may_be_a_range()
    {
        var ports = new PublishedPorts();
        ports.Expose("80-81/udp");
        Assert.Equal(["80/udp", "81/udp"], ports.Exposed.Keys);
        Assert.Equal("invalid port format for --expose: 80:80", Assert.Throws<NaruException>(() => ports.Expose("80:80")).Message);
    }
}
