using System.Net;
using System.Net.Sockets;

namespace Naru.Hub.Accounts.Limits;

/// <summary>What counts as one address: an IPv4 address, or a /64 of IPv6, which is what one household gets.</summary>
internal static class AddressKey
{
    public static string Of(string address)
    {
        if (!IPAddress.TryParse(address, out var parsed))
            return address;
        if (parsed.IsIPv4MappedToIPv6)
            return parsed.MapToIPv4().ToString();
        if (parsed.AddressFamily != AddressFamily.InterNetworkV6)
            return parsed.ToString();
        Span<byte> bytes = stackalloc byte[16];
        parsed.TryWriteBytes(bytes, out _);
        bytes[8..].Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
