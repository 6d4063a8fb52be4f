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
    private readonly DateTimeOffset created = DateTimeOffset.UtcNow;
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

    public IReadOnlyList<NetworkResource> List() => NetworkList.List(created, network?.Subnet.ToString() ?? "", network?.Gateway.ToString() ?? "");

    /// <summary>What the sandbox was given, the namespace to enter (empty: the host's; null: a new one) and the files for /etc.</summary>
    public async Task<(SandboxRecord? Sandbox, string? Namespace, IReadOnlyDictionary<string, string> EtcFiles)> Connect(ContainerRecord record, ContainerStore store, CancellationToken cancel)
    {
        var mode = record.HostConfig.NetworkMode;
        if (mode.StartsWith("container:", StringComparison.Ordinal))
        {
            var other = store.Get(mode[10..]);
            if (other.State is not ContainerState.Running running)
                throw NaruException.Conflict($"cannot join network namespace of a non running container: container {other.Id} is {other.State.Status}");
            return (null, string.Create(CultureInfo.InvariantCulture, $"/proc/{running.Pid}/ns/net"), EtcFiles.Of(paths, other.Id));
        }

        SandboxRecord? sandbox = null;
        if (mode == "bridge")
        {
            var owner = network ?? throw new NaruException(ErrorKind.Unavailable, "the bridge network is not available");
            var request = new SandboxRequest { ContainerId = record.Id, ContainerName = record.Name, MacAddress = record.Config.MacAddress is { Length: > 0 } mac ? mac : null, Ports = Ports(record) };
            sandbox = Describe(record, await Task.Run(() => owner.Attach(request), cancel));
        }

        EtcFiles.Write(paths, record, sandbox?.Address, mode == "host", network?.Gateway ?? IPAddress.Loopback, options);
        return (sandbox, mode == "host" ? "" : sandbox?.Network?.Path, EtcFiles.Of(paths, record.Id));
    }

    public Task Disconnect(Sandbox sandbox) => Task.Run(() => network?.Release(sandbox));

    public void Dispose() => network?.Dispose();

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
