using System.Net;
using Naru.Base;

namespace Naru.Network;

/// <summary>The IPv4 addresses of one subnet; the lowest free one is given out, as Docker's default bridge does.</summary>
/// <remarks>Not kept on disk: the engine's endpoint records rebuild it.</remarks>
internal sealed class AddressPool
{
    private readonly Lock _gate = new();
    /// <summary>Who has an address: an endpoint's id.</summary>
    private readonly Dictionary<uint, string> _taken = [];
    private readonly uint _first;
    private readonly uint _last;

    public AddressPool(IPNetwork subnet, IPAddress? gateway = null)
    {
        Subnet = subnet;
        var network = Subnets.ToNumber(subnet.BaseAddress);
        var broadcast = network | (uint.MaxValue >> subnet.PrefixLength);
        Gateway = gateway ?? Subnets.ToAddress(network + 1);
        _taken.Add(Subnets.ToNumber(Gateway), "");
        (_first, _last) = (network + 1, broadcast - 1);
    }

    public IPNetwork Subnet { get; }

    /// <summary>The bridge's own address: the subnet's first, unless another was asked for.</summary>
    public IPAddress Gateway { get; }

    /// <exception cref="NaruException">Every address is taken.</exception>
    public IPAddress Allocate(string owner)
    {
        lock (_gate)
        {
            for (var number = _first; number <= _last; number++)
            {
                if (_taken.TryAdd(number, owner))
                    return Subnets.ToAddress(number);
            }
        }

        throw new NaruException(ErrorKind.FailedPrecondition, "no available IPv4 addresses on this network's address pools: bridge");
    }

    /// <summary>Marks an address of a container that runs already.</summary>
    public void Restore(IPAddress address, string owner)
    {
        lock (_gate)
            _taken[Subnets.ToNumber(address)] = owner;
    }

    /// <summary>Only its owner gives an address back: a second release must not take it from the next.</summary>
    public void Release(IPAddress address, string owner)
    {
        lock (_gate)
        {
            if (_taken.GetValueOrDefault(Subnets.ToNumber(address)) == owner)
                _taken.Remove(Subnets.ToNumber(address));
        }
    }
}
