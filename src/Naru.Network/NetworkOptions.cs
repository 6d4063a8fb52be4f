using System.Net;

namespace Naru.Network;

/// <summary>What an engine tells its network once, at the start.</summary>
public sealed record NetworkOptions
{
    /// <summary>The bridge's link name; each engine of a machine has its own.</summary>
    public string Bridge { get; init; } = "naru0";

    /// <summary>The nf_tables table (family ip) that holds every rule of this engine.</summary>
    public string Table { get; init; } = "naru";

    /// <summary>The folder in which the containers' network namespaces are pinned, one file a container id.</summary>
    public required string PinFolder { get; init; }

    /// <summary>The subnet wanted; null takes the first free of <see cref="Pools"/>.</summary>
    public IPNetwork? Subnet { get; init; }

    /// <summary>The bridge's own address in <see cref="Subnet"/>; null takes the first.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Empty: Docker's pools.</summary>
    public IReadOnlyList<IPNetwork> Pools { get; init; } = [];

    public int Mtu { get; init; } = 1500;
}
