using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;

namespace Naru.Linux;

/// <summary>Ethernet addresses in their usual text, `02:42:ac:11:00:02`.</summary>
public static class MacAddress
{
    public static string Format(ReadOnlySpan<byte> address) => string.Join(':', Convert.ToHexStringLower(address).Chunk(2).Select(pair => new string(pair)));

    /// <summary>The six bytes of a text with colons, dashes or dots; null when it is none.</summary>
    public static byte[]? TryParse(string text) =>
        PhysicalAddress.TryParse(text.ToUpperInvariant().Replace(':', '-'), out var address) && address.GetAddressBytes() is { Length: 6 } bytes ? bytes : null;

    /// <summary>A random address that is unicast and locally administered.</summary>
    public static byte[] Random()
    {
        var bytes = RandomNumberGenerator.GetBytes(6);
        bytes[0] = (byte)((bytes[0] | 2) & ~1);
        return bytes;
    }

    /// <summary>02:42 and the four bytes of the IPv4 address, as Docker made them before 28.</summary>
    public static byte[] FromAddress(IPAddress address) => [0x02, 0x42, .. address.GetAddressBytes()];
}
