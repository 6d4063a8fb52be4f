using System.Buffers.Binary;
using System.Net;

namespace Naru.Network;

/// <summary>IPv4 subnets as numbers.</summary>
public static class Subnets
{
    /// <summary>The subnet of <paramref name="prefixLength"/> bits that <paramref name="address"/> is in.</summary>
    public static IPNetwork Around(IPAddress address, int prefixLength) =>
        new(ToAddress(ToNumber(address) & (prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength))), prefixLength);

    /// <summary>The subnets of <paramref name="prefixLength"/> bits in <paramref name="whole"/>, in order; at most 65,536.</summary>
    public static IEnumerable<IPNetwork> Split(IPNetwork whole, int prefixLength)
    {
        var start = ToNumber(whole.BaseAddress);
        for (var step = 0u; step < 1u << Math.Min(prefixLength - whole.PrefixLength, 16); step++)
            yield return new IPNetwork(ToAddress(start + (step << (32 - prefixLength))), prefixLength);
    }

    internal static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    internal static IPAddress ToAddress(uint number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
