using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Naru.Api;
using Naru.Base;
using Naru.Engine.Containers;
using Naru.Network;

namespace Naru.Engine.Networks;

/// <summary>Gives a container its network: bridge, host, none or another container's.</summary>
public sealed class NetworkService(EnginePaths paths, EngineNetworkOptions options) : IDisposable
{
    private readonly Lock gate = new();
    private ContainerNetwork? network;

    /// <summary>Makes the bridge, and takes up the networks of containers that run. An engine whose kernel has no nf_tables still runs containers without a bridge.</summary>
    public void Open(IEnumerable<Container> running)
    {
        var suffix = paths.ExecRoot.TrimEnd('/') == "/run/naru" ? "" : "-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(paths.ExecRoot.TrimEnd('/'))))[..8];
        lock (gate)
        {
            network = ContainerNetwork.Open(
                new NetworkOptions
                {
                    Bridge = suffix.Length == 0 ? "naru0" : "naru" + suffix,
                    Table = "naru" + suffix,
                    PinFolder = Path.Combine(paths.ExecRoot, "netns"),
                    Subnet = options.BridgeAddress?.Subnet,
                    Gateway = options.BridgeAddress?.Gateway,
                    Pools = options.Pools,
                    Mtu = options.Mtu,
                },
                [.. running.Select(container => container.Record.Sandbox?.Network).OfType<Sandbox>()]);
        }
    }

    /// <summary>The bridge's subnet; null while there is no bridge.</summary>
    public string? Subnet => network?.Subnet.ToString();

    public string? Gateway => network?.Gateway.ToString();

    /// <summary>The bridge's options, under Docker's names.</summary>
    public SortedDictionary<string, string> Options => network is null ? [] : new(StringComparer.Ordinal)
    {
        ["com.docker.network.bridge.default_bridge"] = "true",
        ["com.docker.network.bridge.enable_icc"] = "true",
        ["com.docker.network.bridge.enable_ip_masquerade"] = "true",
        ["com.docker.network.bridge.host_binding_ipv4"] = "0.0.0.0",
        ["com.docker.network.bridge.name"] = network.Bridge,
        ["com.docker.network.driver.mtu"] = options.Mtu.ToString(CultureInfo.InvariantCulture),
    };

    /// <param name="folder">Where the files for /etc are written.</param>
    /// <summary>What the sandbox was given, the namespace to enter (empty: the host's; null: a new one) and the files for /etc.</summary>
    public async Task<(SandboxRecord? Sandbox, string? Namespace, IReadOnlyDictionary<string, string> EtcFiles)> Connect(ContainerRecord record, string folder, ContainerStore store, CancellationToken cancel)
    {
        var mode = record.Config.NetworkDisabled ? "none" : record.HostConfig.NetworkMode;
        if (mode.StartsWith("container:", StringComparison.Ordinal))
        {
            var other = Joined(mode[10..], store);
            if (other.State is not ContainerState.Running running)
                throw NaruException.Conflict($"cannot join network namespace of a non running container: container {mode[10..]} is {other.State.Status}");
            return (null, string.Create(CultureInfo.InvariantCulture, $"/proc/{running.Pid}/ns/net"), EtcFiles.Of(paths.Container(other.Id)));
        }

        if (mode is not ("bridge" or "host" or "none"))
            throw NaruException.NotFound($"failed to set up container networking: network {mode} not found");
        SandboxRecord? sandbox = null;
        if (mode == "bridge")
        {
            var owner = network ?? throw new NaruException(ErrorKind.Unavailable, "the bridge network is not available");
            var request = new SandboxRequest { ContainerId = record.Id, ContainerName = record.Name, MacAddress = record.Config.MacAddress is { Length: > 0 } mac ? mac : null, Ports = Ports(record) };
            sandbox = Describe(record, await Task.Run(() => owner.Attach(request), cancel));
        }

        EtcFiles.Write(folder, record, sandbox?.Address, mode == "host", network?.Gateway ?? IPAddress.Loopback, options);
        return (sandbox, mode == "host" ? "" : sandbox?.Network?.Path, EtcFiles.Of(folder));
    }

    public Task Disconnect(Sandbox sandbox) => Task.Run(() => network?.Release(sandbox));

    public void Dispose() => network?.Dispose();

    private static Container Joined(string reference, ContainerStore store)
    {
        try
        {
            return store.Get(reference);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
            throw NaruException.NotFound($"joining network namespace of container: {e.Message}");
        }
    }

    private static IReadOnlyList<PortRequest> Ports(ContainerRecord record)
    {
        List<PortRequest> result = [];
        foreach (var (name, bindings) in record.HostConfig.PortBindings ?? [])
        {
            foreach (var binding in bindings ?? [])
                result.Add(PortRequest.Parse(name, binding.HostIp, binding.HostPort));
        }

        if (record.HostConfig.PublishAllPorts)
        {
            foreach (var name in (record.Config.ExposedPorts ?? []).Keys.Where(name => !(record.HostConfig.PortBindings?.ContainsKey(name) ?? false)))
                result.Add(PortRequest.Parse(name, null, null));
        }

        return result;
    }

    private static SandboxRecord Describe(ContainerRecord record, Sandbox sandbox)
    {
        var ports = new SortedDictionary<string, IReadOnlyList<PortBinding>?>(StringComparer.Ordinal);
        foreach (var name in (record.Config.ExposedPorts ?? []).Keys)
            ports[name] = null;
        foreach (var group in sandbox.Endpoint!.Ports.GroupBy(one => string.Create(CultureInfo.InvariantCulture, $"{one.ContainerPort}/{one.Protocol}")))
            ports[group.Key] = [.. group.Select(one => new PortBinding { HostIp = one.HostAddress, HostPort = one.HostPort.ToString(CultureInfo.InvariantCulture) })];
        return new SandboxRecord
        {
            Address = sandbox.Endpoint.Address,
            PrefixLength = sandbox.Endpoint.PrefixLength,
            Gateway = sandbox.Endpoint.Gateway,
            MacAddress = sandbox.Endpoint.MacAddress,
            EndpointId = sandbox.Endpoint.Id,
            Ports = ports,
            Network = sandbox,
        };
    }
}
