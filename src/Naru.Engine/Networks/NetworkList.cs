using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Naru.Api;
using Naru.Base;
using Naru.Engine.Containers;

namespace Naru.Engine.Networks;

/// <summary>The three networks that are always there: bridge, host, none. There are no others yet, and Docker's own refusals hold for these.</summary>
public sealed class NetworkList(NetworkService service, ContainerStore containers)
{
    private readonly DateTimeOffset created = DateTimeOffset.UtcNow;

    /// <summary>64 hex digits that stay the same for a name.</summary>
    public static string IdOf(string name) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("naru network " + name)));

    /// <exception cref="NaruException">InvalidArgument: an unknown filter.</exception>
    public IReadOnlyList<NetworkResource> List(Filters filters)
    {
        bool Matches(NetworkResource network) =>
            filters.Exact("driver", network.Driver)
            && filters.Any("id", network.Id.Contains)
            && filters.Any("name", network.Name.Contains)
            && filters.Exact("scope", network.Scope)
            && filters.Exact("type", "builtin")
            && !filters.Flag("dangling", otherwise: false)
            && filters.Labels("label", null);
        return [.. All(verbose: false).Where(Matches)];
    }

    /// <summary>One network, with its running containers.</summary>
    /// <exception cref="NaruException">NotFound.</exception>
    public NetworkResource Get(string reference) => Find(reference, verbose: true);

    /// <exception cref="NaruException">Always: Docker's words for what it refuses too, else Unimplemented.</exception>
    public void Create(NetworkCreateRequest request)
    {
        if (request.Driver is "host" or "null")
            throw new NaruException(ErrorKind.PermissionDenied, $"only one instance of \"{request.Driver}\" network is allowed");
        if (request.Name is "bridge" or "host" or "none" or "default")
            throw new NaruException(ErrorKind.PermissionDenied, $"operation is not permitted on predefined {request.Name} network");
        if (request.Driver is not (null or "" or "bridge"))
            throw NaruException.NotFound($"plugin \"{request.Driver}\" not found");
        throw new NaruException(ErrorKind.Unimplemented, "networks of one's own are not supported by this engine yet: containers share the default bridge");
    }

    /// <exception cref="NaruException">Always: the networks that there are cannot be removed.</exception>
    public void Remove(string reference) =>
        throw new NaruException(ErrorKind.PermissionDenied, $"{Find(reference, verbose: false).Name} is a pre-defined network and cannot be removed");

    /// <exception cref="NaruException">Always: a container keeps the network it was created with.</exception>
    public void Connect(string reference, NetworkConnectRequest request)
    {
        var network = Find(reference, verbose: false);
        var container = containers.Get(request.Container);
        if (container.Record.HostConfig.NetworkMode == network.Name)
            throw new NaruException(ErrorKind.PermissionDenied, $"endpoint with name {container.Name} already exists in network {network.Name}");
        throw network.Name switch
        {
            "host" => new NaruException(ErrorKind.PermissionDenied, "cannot connect container to host network - container must be created in host network mode"),
            "none" => new NaruException(ErrorKind.PermissionDenied, "container cannot be connected to multiple networks with one of the networks in private (none) mode"),
            _ => new NaruException(ErrorKind.Unimplemented, "a container keeps the network that it was created with: networks cannot be changed in this engine yet"),
        };
    }

    /// <exception cref="NaruException">Always: a container keeps the network it was created with.</exception>
    public void Disconnect(string reference, NetworkConnectRequest request)
    {
        var network = Find(reference, verbose: false);
        var container = containers.Get(request.Container);
        if (container.Record.HostConfig.NetworkMode != network.Name)
            throw new NaruException(ErrorKind.PermissionDenied, $"container {container.Id} is not connected to network {network.Name}");
        throw new NaruException(ErrorKind.Unimplemented, "a container keeps the network that it was created with: networks cannot be changed in this engine yet");
    }

    private NetworkResource Find(string reference, bool verbose)
    {
        var all = All(verbose);
        return all.FirstOrDefault(network => network.Name == reference)
            ?? all.FirstOrDefault(network => reference.Length > 0 && network.Id.StartsWith(reference, StringComparison.Ordinal))
            ?? throw NaruException.NotFound($"network {reference} not found");
    }

    private NetworkResource[] All(bool verbose) => [Make("bridge", "bridge", verbose), Make("host", "host", verbose), Make("none", "null", verbose)];

    private NetworkResource Make(string name, string driver, bool verbose)
    {
        var subnet = driver == "bridge" ? service.Subnet : null;
        return new()
        {
            Name = name,
            Id = IdOf(name),
            Created = created,
            Scope = "local",
            Driver = driver,
            EnableIPv4 = true,
            IPAM = new NetworkIpam { Driver = "default", Config = subnet is null ? null : [new NetworkIpamPool { Subnet = subnet, Gateway = service.Gateway }] },
            Containers = verbose ? Endpoints(name) : [],
            Options = driver == "bridge" ? service.Options : [],
            Labels = [],
        };
    }

    private SortedDictionary<string, NetworkEndpoint> Endpoints(string network)
    {
        var endpoints = new SortedDictionary<string, NetworkEndpoint>(StringComparer.Ordinal);
        foreach (var container in containers.All.Where(one => one.State is ContainerState.Running && one.Record.HostConfig.NetworkMode == network))
        {
            var sandbox = container.Record.Sandbox;
            endpoints[container.Id] = new NetworkEndpoint
            {
                Name = container.Name,
                EndpointID = sandbox?.EndpointId ?? "",
                MacAddress = sandbox?.MacAddress ?? "",
                IPv4Address = sandbox is { Address.Length: > 0 } ? string.Create(CultureInfo.InvariantCulture, $"{sandbox.Address}/{sandbox.PrefixLength}") : "",
            };
        }

        return endpoints;
    }
}
