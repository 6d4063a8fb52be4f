using System.Net;
using Microsoft.AspNetCore.Http;
using Naru.Base;

namespace Naru.HubServer.Operation;

/// <summary>Proxies whose word is taken for who sent a request, and by which address: <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c>.</summary>
internal sealed class TrustedProxies
{
    private static readonly System.Buffers.SearchValues<char> HostCharacters = System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]_");

    private readonly List<IPNetwork> networks = [];

    /// <param name="texts">Addresses or networks: <c>10.0.0.7</c>, <c>10.0.0.0/8</c>.</param>
    /// <exception cref="NaruException">InvalidArgument.</exception>
    public TrustedProxies(IEnumerable<string> texts)
    {
        foreach (var text in texts)
        {
            if (IPAddress.TryParse(text, out var one))
                networks.Add(new IPNetwork(one, one.GetAddressBytes().Length * 8));
            else if (IPNetwork.TryParse(text, out var network))
                networks.Add(network);
            else
                throw NaruException.Invalid($"invalid trusted proxy \"{text}\": it must be an address or a network, as 10.0.0.0/8");
        }
    }

    /// <summary>Makes the request what the client sent to the proxy. Nobody else's headers mean anything.</summary>
    public void Apply(HttpContext context)
    {
        var connection = context.Connection;
        if (connection.RemoteIpAddress is not { } address)
            return;
        if (address.IsIPv4MappedToIPv6)
            connection.RemoteIpAddress = address = address.MapToIPv4();
        if (networks.Count == 0 || !IsTrusted(address))
            return;
        var headers = context.Request.Headers;
        if (Last(headers["X-Forwarded-Proto"].ToString()) is ("http" or "https") and var scheme)
            context.Request.Scheme = scheme;
        if (Last(headers["X-Forwarded-Host"].ToString()) is { Length: > 0 and < 256 } host && !host.AsSpan().ContainsAnyExcept(HostCharacters))
            context.Request.Host = new HostString(host);

        // From the nearest on: the first that is no proxy of ours is the client, whatever it claims of others before it.
        var hops = headers["X-Forwarded-For"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        for (var i = hops.Length - 1; i >= 0 && IsTrusted(address); i--)
        {
            if (!TryParse(hops[i], out var hop))
                break;
            address = hop;
        }

        connection.RemoteIpAddress = address;
    }

    private bool IsTrusted(IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address))
                return true;
        }

        return false;
    }

    private static string Last(string list) => list[(list.LastIndexOf(',') + 1)..].Trim();

    /// <summary>An address, maybe with a port, as some proxies write it.</summary>
    private static bool TryParse(string text, out IPAddress address)
    {
        if (IPAddress.TryParse(text, out address!) || (IPEndPoint.TryParse(text, out var end) && (address = end.Address) is not null))
        {
            if (address.IsIPv4MappedToIPv6)
                address = address.MapToIPv4();
            return true;
        }

        return false;
    }
}
