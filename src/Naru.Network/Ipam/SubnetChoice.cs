using System.Net;
using Naru.Base;

namespace Naru.Network;

/// <summary>Chooses a subnet for a bridge: the first of Docker's default pools that no route of the machine overlaps.</summary>
internal static class SubnetChoice
{
    /// <summary>172.17.0.0/16 to 172.31.0.0/16, then 192.168.0.0/20 in steps of 16.</summary>
    public static IEnumerable<IPNetwork> Pools
    {
        get
        {
            for (var second = 17; second < 32; second++)
                yield return new IPNetwork(new IPAddress([172, (byte)second, 0, 0]), 16);
            for (var third = 0; third < 256; third += 16)
                yield return new IPNetwork(new IPAddress([192, 168, (byte)third, 0]), 20);
        }
    }

    /// <param name="pools">Empty: Docker's.</param>
    /// <param name="routes">Destinations in use; default routes (prefix length 0) do not count.</param>
    public static IPNetwork FirstFree(IReadOnlyCollection<IPNetwork> pools, IReadOnlyCollection<IPNetwork> routes)
    {
        foreach (var pool in pools.Count > 0 ? pools : Pools)
        {
            if (!routes.Any(route => Overlaps(pool, route)))
                return pool;
        }

        throw new NaruException(ErrorKind.FailedPrecondition, "all predefined address pools have been fully subnetted");
    }

    private static bool Overlaps(IPNetwork a, IPNetwork b) => b.PrefixLength > 0 && (a.Contains(b.BaseAddress) || b.Contains(a.BaseAddress));
}
