using System.Net;
using System.Text.Json.Nodes;

namespace Naru.Cli.Commands.Networks;

/// <summary>Sorts --ip-range, --gateway and --aux-address under the --subnet that each belongs to.</summary>
internal static class NetworkPools
{
    /// <exception cref="ExitException">Something has no subnet of its own, with Docker's text.</exception>
    public static JsonArray Gather(IReadOnlyList<string> subnets, IReadOnlyList<string> ranges, IReadOnlyList<string> gateways, IReadOnlyDictionary<string, string> auxiliary)
    {
        if (subnets.Count < ranges.Count || subnets.Count < gateways.Count)
            throw new ExitException(1, "every ip-range or gateway must have a corresponding subnet");
        var pools = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var subnet in subnets)
        {
            if (pools.Keys.Any(other => Overlap(subnet, other)))
                throw new ExitException(1, "multiple overlapping subnet configuration is not supported");
            pools[subnet] = new JsonObject { ["Subnet"] = subnet };
        }

        foreach (var range in ranges)
        {
            var pool = pools.FirstOrDefault(pair => Overlap(range, pair.Key));
            if (pool.Key is null)
                throw new ExitException(1, $"no matching subnet for range {range}");
            if ((string?)pool.Value["IPRange"] is { } other)
                throw new ExitException(1, $"cannot configure multiple ranges ({range}, {other}) on the same subnet ({pool.Key})");
            pool.Value["IPRange"] = range;
        }

        foreach (var gateway in gateways)
        {
            var pool = pools.FirstOrDefault(pair => Holds(pair.Key, gateway));
            if (pool.Key is null)
                throw new ExitException(1, $"no matching subnet for gateway {gateway}");
            if ((string?)pool.Value["Gateway"] is { } other)
                throw new ExitException(1, $"cannot configure multiple gateways ({gateway}, {other}) for the same subnet ({pool.Key})");
            pool.Value["Gateway"] = gateway;
        }

        foreach (var (name, address) in auxiliary)
        {
            var pool = pools.FirstOrDefault(pair => Holds(pair.Key, address));
            if (pool.Key is null)
                throw new ExitException(1, $"no matching subnet for aux-address {address}");
            if (pool.Value["AuxiliaryAddresses"] is not JsonObject addresses)
                pool.Value["AuxiliaryAddresses"] = addresses = [];
            addresses[name] = address;
        }

        return new JsonArray([.. pools.Values]);
    }

    private static bool Overlap(string one, string other) =>
        Network(one) is { } left && Network(other) is { } right && (left.Contains(right.BaseAddress) || right.Contains(left.BaseAddress));

    private static bool Holds(string subnet, string address) => Network(subnet) is { } network && IPAddress.TryParse(address.Split('/')[0], out var ip) && network.Contains(ip);

    /// <summary>The network that a CIDR lies in, its host bits cleared; null for none. What is no CIDR the engine refuses.</summary>
    private static IPNetwork? Network(string text)
    {
        var parts = text.Split('/');
        if (parts.Length != 2 || !IPAddress.TryParse(parts[0], out var address) || !int.TryParse(parts[1], out var length) || length < 0)
            return null;
        var bytes = address.GetAddressBytes();
        if (length > bytes.Length * 8)
            return null;
        for (var bit = length; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), length);
    }
}
