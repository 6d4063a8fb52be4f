using System.Net;
using Microsoft.AspNetCore.Http;
using Naru.Base;

namespace Naru.HubServer.Http;

/// <summary>Where requests come from: the connection's other end, or what a proxy that is trusted says of it in X-Forwarded-For.</summary>
internal sealed class ClientAddresses
{
    private readonly List<IPNetwork> proxies = [];

    /// <param name="trusted">Addresses or networks: <c>10.0.0.0/8</c>, <c>127.0.0.1</c>.</param>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public ClientAddresses(IReadOnlyList<string> trusted)
    {
        foreach (var text in trusted)
        {
            if (IPAddress.TryParse(text, out var address))
                proxies.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else if (IPNetwork.TryParse(text, out var network))
                proxies.Add(network);
            else
                throw NaruException.Invalid($"invalid trusted proxy \"{text}\": it must be an address or a network, as 10.0.0.0/8");
        }
    }

    public string Of(HttpContext context)
    {
        var address = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
        if (proxies.Count == 0 || !IsProxy(address))
            return address.ToString();

        // Each proxy adds whom it heard at the end; what stands before the first that is not ours, anybody may have written.
        var named = context.Request.Headers["X-Forwarded-For"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var i = named.Length - 1; i >= 0; i--)
        {
            if (!IPAddress.TryParse(named[i], out var before))
                break;
            address = Plain(before);
            if (!IsProxy(address))
                break;
        }

        return address.ToString();
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private bool IsProxy(IPAddress address)
    {
        foreach (var network in proxies)
        {
            if (network.Contains(address))
                return true;
        }

        return false;
    }
}
