using System.Net;
using Microsoft.AspNetCore.Http;
using Naru.Base;
using Naru.HubServer.Operation;

namespace Naru.Tests.Hub.Accounts;

/// <summary>Where a request comes from when there are proxies.</summary>
public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("", "192.0.2.1", "203.0.113.9", "192.0.2.1")]
    [InlineData("10.0.0.0/8", "192.0.2.1", "203.0.113.9", "192.0.2.1")]
    [InlineData("10.0.0.0/8", "10.1.1.1", "203.0.113.9", "203.0.113.9")]
    [InlineData("10.0.0.0/8", "10.1.1.1", "6.6.6.6, 203.0.113.9, 10.2.2.2", "203.0.113.9")]
    [InlineData("10.0.0.0/8", "::ffff:10.1.1.1", "2001:db8::1", "2001:db8::1")]
    [InlineData("10.0.0.0/8", "10.1.1.1", "nonsense", "10.1.1.1")]
    [InlineData("10.0.0.0/8", "10.1.1.1", "", "10.1.1.1")]
    [InlineData("127.0.0.1", "127.0.0.1", "203.0.113.9", "203.0.113.9")]
    public void Only_a_trusted_proxy_is_believed(string trusted, string connection, string forwarded, string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(connection);
        context.Request.Headers["X-Forwarded-For"] = forwarded;
        new TrustedProxies(trusted.Length == 0 ? [] : [trusted]).Apply(context);
        Assert.Equal(address, context.Connection.RemoteIpAddress.ToString());
    }

    [Fact]
    public void What_is_no_network_is_told() => Assert.Throws<NaruException>(() => new TrustedProxies(["proxy.example.com"]));
}
