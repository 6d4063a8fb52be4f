namespace Naru.Cli.Commands.Containers;

/// <summary>--network and the flags that belong to the first network.</summary>
internal static class ContainerNetworks
{
    public static string Mode(ContainerFlags flags) => flags.Networks.Values.Count == 0 ? "default" : NetworkText.Parse(flags.Networks.Values[0]).Target;

    /// <exception cref="NaruException">A flag is said twice, or one network twice.</exception>
    public static SortedDictionary<string, EndpointSettings?> Endpoints(ContainerFlags flags)
    {
        var networks = flags.Networks.Values.Count == 0 ? [new NetworkText { Target = "default" }] : flags.Networks.Values.Select(NetworkText.Parse).ToList();
        var endpoints = new SortedDictionary<string, EndpointSettings?>(StringComparer.Ordinal);
        var userDefined = networks.Any(network => network.Target is not ("default" or "bridge" or "host" or "none" or "nat") && !network.Target.StartsWith("container:", StringComparison.Ordinal));
        if (userDefined && networks.Count > 1 && networks.Any(network => network.Target is "host" or "none" || network.Target.StartsWith("container:", StringComparison.Ordinal)))
            throw NaruException.Conflict("conflicting options: cannot attach both user-defined and non-user-defined network-modes");
        if (!userDefined && flags.NetworkAliases.Values.Count > 0)
            throw NaruException.Invalid("network-scoped aliases are only supported for user-defined networks");
        if (flags.MacAddress.Value.Length > 0 && !IsMacAddress(flags.MacAddress))
            throw NaruException.Invalid($"{flags.MacAddress.Value} is not a valid mac address");
        for (var index = 0; index < networks.Count; index++)
        {
            var network = networks[index];
            if (index == 0)
                ApplyFlags(network, flags);
            var ipam = network.IPv4.Length + network.IPv6.Length + network.LinkLocal.Count > 0;
            var endpoint = new EndpointSettings
            {
                Aliases = network.Aliases.Count > 0 ? network.Aliases : null,
                MacAddress = network.MacAddress,
                GwPriority = network.GatewayPriority,
                DriverOpts = network.DriverOptions.Count > 0 ? network.DriverOptions : null,
                Links = index == 0 && flags.Links.Values.Count > 0 && userDefined ? flags.Links.Values : null,
                IPAMConfig = ipam ? new EndpointIpamConfig { IPv4Address = Text(network.IPv4), IPv6Address = Text(network.IPv6), LinkLocalIPs = network.LinkLocal.Count > 0 ? network.LinkLocal : null } : null,
            };
            if (!endpoints.TryAdd(network.Target, endpoint))
                throw NaruException.Conflict($"network {GoText.Quote(network.Target)} is specified multiple times");
        }

        return endpoints;
    }

    private static bool IsMacAddress(string text) =>
        text.Split(':', '-') is { Length: 6 or 8 } parts && parts.All(part => part.Length == 2 && part.All(char.IsAsciiHexDigit));

    private static string? Text(string value) => value.Length == 0 ? null : value;

    private static void ApplyFlags(NetworkText network, ContainerFlags flags)
    {
        if (network.Aliases.Count > 0 && flags.NetworkAliases.Values.Count > 0)
            throw NaruException.Conflict("conflicting options: cannot specify both --network-alias and per-network alias");
        if (network.IPv4.Length > 0 && flags.IPv4.Value.Length > 0)
            throw NaruException.Conflict("conflicting options: cannot specify both --ip and per-network IPv4 address");
        if (network.IPv6.Length > 0 && flags.IPv6.Value.Length > 0)
            throw NaruException.Conflict("conflicting options: cannot specify both --ip6 and per-network IPv6 address");
        if (network.MacAddress.Length > 0 && flags.MacAddress.Value.Length > 0)
            throw NaruException.Conflict("conflicting options: cannot specify both --mac-address and per-network MAC address");
        network.Aliases.AddRange(flags.NetworkAliases.Values);
        network.LinkLocal.AddRange(flags.LinkLocal.Values);
        if (flags.IPv4.Value.Length > 0)
            network.IPv4 = flags.IPv4;
        if (flags.IPv6.Value.Length > 0)
            network.IPv6 = flags.IPv6;
        if (flags.MacAddress.Value.Length > 0)
            network.MacAddress = flags.MacAddress;
    }
}
