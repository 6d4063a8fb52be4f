using System.Net;
using Microsoft.AspNetCore.Http;
using Naru.Base;
using Naru.HubServer.Operation;

namespace Naru.Tests.Hub.Operation;

public sealed class TrustedProxyTests
{
    [Theory]
    [InlineData("192.0.2.1", "198.51.100.7", "192.0.2.1")]
    [InlineData("10.0.0.1", "198.51.100.7", "198.51.100.7")]
    [InlineData("::ffff:10.0.0.1", "198.51.100.7", "198.51.100.7")]
    [InlineData("10.0.0.1", "203.0.113.9, 198.51.100.7", "198.51.100.7")]
    [InlineData("10.0.0.1", "198.51.100.7, 10.0.0.2", "198.51.100.7")]
    [InlineData("10.0.0.1", "198.51.100.7:4711", "198.51.100.7")]
    [InlineData("10.0.0.1", "nonsense", "10.0.0.1")]
    [InlineData("10.0.0.1", "198.51.100.7, nonsense, 10.0.0.2", "10.0.0.2")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    public void A_client_is_the_first_that_is_no_proxy_of_ours(string connection, string forwarded, string expected)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(connection);
        context.Request.Headers["X-Forwarded-For"] = forwarded;
        new TrustedProxies(["10.0.0.0/8"]).Apply(context);
        Assert.Equal(expected, context.Connection.RemoteIpAddress.ToString());
    }

    [Theory]
    [InlineData("10.0.0.7", "https", "hub.example.com")]
    [InlineData("192.0.2.1", "http", "127.0.0.1:5000")]
    public void Scheme_and_host_are_a_proxys_to_say(string connection, string scheme, string host)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(connection);
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("127.0.0.1:5000");
        context.Request.Headers["X-Forwarded-Proto"] = "https";
        context.Request.Headers["X-Forwarded-Host"] = "hub.example.com";
        new TrustedProxies(["10.0.0.7"]).Apply(context);
        Assert.Equal(scheme, context.Request.Scheme);
        Assert.Equal(host, context.Request.Host.Value);
    }

    [Fact]
    public void A_host_that_is_none_is_not_believed()
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Loopback;
        context.Request.Host = new HostString("hub");
        context.Request.Headers["X-Forwarded-Host"] = "evil\" onload=\"";
        new TrustedProxies(["127.0.0.1"]).Apply(context);
        Assert.Equal("hub", context.Request.Host.Value);
    }

    [Theory]
    [InlineData("proxy.example.com")]
    [InlineData("10.0.0.0/33")]
    [InlineData("")]
    public void A_proxy_must_be_an_address_or_a_network(string text) => Assert.Throws<NaruException>(() => new TrustedProxies([text]));
}
