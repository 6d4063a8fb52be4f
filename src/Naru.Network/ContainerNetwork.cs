using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using Naru.Base;
using Naru.Linux;

namespace Naru.Network;

/// <summary>
/// The network of one engine: its bridge, its firewall table, its containers' namespaces. Opened once; all methods may be called from any thread.
/// Closing it leaves everything as it is, so that containers stay reachable while no engine runs.
/// </summary>
public sealed class ContainerNetwork : IDisposable
{
    // What eth0's link index will be: the first after lo, so that its address and route can be asked for without a question in between.
    private const int LoopbackIndex = 1, ContainerIndex = 2;

    private const int MostLeaving = 16;

    private readonly CancellationTokenSource _stop = new();
    private readonly NetworkOptions _options;
    private readonly NetlinkSocket _route;
    private readonly NetlinkSocket _deletions;
    private readonly ConcurrentDictionary<string, Task> _leaving = new();
    private readonly PortAllocator _ports = new();
    private readonly AddressPool _pool;
    private readonly Firewall _firewall;
    private BridgeLink _bridge;

    private ContainerNetwork(NetworkOptions options, bool inUse)
    {
        _options = options;
        _route = NetlinkSocket.OpenRoute();
        _deletions = NetlinkSocket.OpenRoute();
        _bridge = BridgeLink.Ensure(_route, options, inUse);
        _pool = new AddressPool(_bridge.Subnet, _bridge.Gateway);
        _firewall = new Firewall(options.Table, options.Bridge, _pool);
    }

    public string Bridge => _bridge.Name;

    public IPNetwork Subnet => _pool.Subnet;

    public IPAddress Gateway => _pool.Gateway;

    /// <summary>Makes what is missing of bridge and firewall, takes up the containers in <paramref name="running"/>, and removes what containers that are gone left behind.</summary>
    /// <exception cref="NaruException"/>
    /// <exception cref="LinuxException"/>
    public static ContainerNetwork Open(NetworkOptions options, IReadOnlyCollection<Sandbox> running)
    {
        Directory.CreateDirectory(options.PinFolder);
        Sysctls.Write("net/ipv4/ip_forward", "1");
        var used = running.Select(sandbox => sandbox.Endpoint).OfType<Endpoint>().ToList();
        // The containers' own subnet, should the bridge be gone.
        if (options.Subnet is null && used.Count > 0)
            options = options with { Subnet = Subnets.Around(IPAddress.Parse(used[0].Address), used[0].PrefixLength), Gateway = IPAddress.Parse(used[0].Gateway) };
        var network = new ContainerNetwork(options, used.Count > 0);
        network.Sweep(running);
        foreach (var endpoint in used)
            network.Restore(endpoint);
        network._firewall.Rebuild();
        network._firewall.Watch(network._stop.Token);
        return network;
    }

    /// <summary>Makes a container's namespace and, with a bridge, its eth0 and its published ports. Nothing stays when it fails.</summary>
    /// <exception cref="NaruException">With Docker's words: a port is taken, the addresses are exhausted.</exception>
    public Sandbox Attach(SandboxRequest request)
    {
        // The container's last network may still be on its way out, under the same names.
        if (_leaving.TryGetValue(request.ContainerId, out var last))
            last.Wait();
        var path = Path.Combine(_options.PinFolder, request.ContainerId);
        using var netns = CreateNamespace(path, request.Bridge, out var inside);
        using (inside)
        {
            try
            {
                return new Sandbox { ContainerId = request.ContainerId, Path = path, Endpoint = request.Bridge ? Connect(request, netns, inside) : null };
            }
            catch
            {
                NetNs.Unpin(path);
                throw;
            }
        }
    }

    /// <summary>Takes away what <see cref="Attach"/> made; parts that are gone already are fine. Ports are free when this returns; link, namespace and address
    /// follow soon: the kernel takes 10 to 30 ms to let a link go, for which nobody needs to wait.</summary>
    public void Release(Sandbox sandbox)
    {
        if (sandbox.Endpoint is { Ports.Count: > 0 } endpoint)
        {
            _firewall.Unpublish(endpoint.Ports, IPAddress.Parse(endpoint.Address));
            _ports.Release(endpoint.Ports);
        }

        var leaving = new Task(() => Leave(sandbox), TaskCreationOptions.LongRunning);
        if (!_leaving.TryAdd(sandbox.ContainerId, leaving))
            return;
        // Containers that come and go faster than the kernel follows wait for it here.
        if (_leaving.Count > MostLeaving)
            leaving.RunSynchronously();
        else
            leaving.Start();
    }

    /// <summary>Waits until everything that was released is gone.</summary>
    public void Settle()
    {
        foreach (var leaving in _leaving.Values)
            leaving.Wait();
    }

    /// <summary>Whether the container's namespace is still pinned (it is not after a reboot).</summary>
    public static bool IsPinned(Sandbox sandbox) => File.Exists(sandbox.Path) && new DriveInfo(sandbox.Path).DriveFormat == "nsfs";

    /// <summary>Removes bridge and table, for an engine that will not come back. Containers lose their network.</summary>
    public void Remove()
    {
        _stop.Cancel();
        _firewall.Remove();
        DeleteLink(_bridge.Name);
    }

    public void Dispose()
    {
        _stop.Cancel();
        Settle();
        _ports.Dispose();
        _firewall.Dispose();
        _route.Dispose();
        _deletions.Dispose();
    }

    private void Leave(Sandbox sandbox)
    {
        try
        {
            NetNs.Unpin(sandbox.Path);
            if (sandbox.Endpoint is not { } endpoint)
                return;
            // Before the address is free for the next container: its MAC address follows from it.
            DeleteLink(endpoint.HostLink, _deletions);
            _pool.Release(IPAddress.Parse(endpoint.Address), endpoint.Id);
        }
        catch (Exception e) when (e is LinuxException or IOException)
        {
            // What stays is swept when an engine opens the network again.
            Log.Warn($"network of container {sandbox.ContainerId}: {e.Message}");
        }
        finally
        {
            _leaving.TryRemove(sandbox.ContainerId, out _);
        }
    }

    private static NetNs CreateNamespace(string path, bool bridge, out NetlinkSocket inside) => NetNs.Create(
        path,
        () =>
        {
            // eth0 will inherit this: no fe80 address, no router advertisements. lo keeps ::1, as Docker's does.
            if (bridge)
                Sysctls.Write("net/ipv6/conf/default/disable_ipv6", "1");
            var socket = NetlinkSocket.OpenRoute();
            try
            {
                var batch = new NetlinkWriter();
                batch.SetUp(LoopbackIndex);
                socket.Execute(batch);
                return socket;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
        out inside);

    private Endpoint Connect(SandboxRequest request, NetNs netns, NetlinkSocket inside)
    {
        var id = RandomNumberGenerator.GetHexString(64, lowercase: true);
        var address = Allocate(id);
        var ports = (IReadOnlyList<PublishedPort>)[];
        var link = "veth" + request.ContainerId[..Math.Min(11, request.ContainerId.Length)];
        try
        {
            var mac = request.MacAddress is { } text
                ? MacAddress.TryParse(text) ?? throw NaruException.Invalid($"invalid MAC address: {text}")
                : MacAddress.FromAddress(address);
            ports = ReservePorts(request, id, address);
            var index = AddLink(link, mac, netns, inside);
            var batch = new NetlinkWriter();
            batch.SetUp(index);
            batch.AddAddress(index, address, Subnet.PrefixLength);
            batch.AddDefaultRoute(index, Gateway);
            inside.Execute(batch);
            if (ports.Count > 0)
                _firewall.Publish(ports, address);
            return new Endpoint
            {
                Id = id,
                HostLink = link,
                Address = address.ToString(),
                PrefixLength = Subnet.PrefixLength,
                Gateway = Gateway.ToString(),
                MacAddress = MacAddress.Format(mac),
                Ports = ports,
            };
        }
        catch
        {
            DeleteLink(link);
            _ports.Release(ports);
            _pool.Release(address, id);
            throw;
        }
    }

    private IPAddress Allocate(string endpoint)
    {
        try
        {
            return _pool.Allocate(endpoint);
        }
        catch (NaruException) when (!_leaving.IsEmpty)
        {
            Settle();
            return _pool.Allocate(endpoint);
        }
    }

    private IReadOnlyList<PublishedPort> ReservePorts(SandboxRequest request, string endpointId, IPAddress address)
    {
        if (request.Ports.Count == 0)
            return [];
        try
        {
            return _ports.Reserve(request.Ports, address);
        }
        catch (NaruException e)
        {
            throw new NaruException(
                e.Kind,
                $"failed to set up container networking: driver failed programming external connectivity on endpoint {request.ContainerName} ({endpointId}): {e.Message}",
                e);
        }
    }

    /// <summary>Makes the pair and gives eth0's index in the container.</summary>
    private int AddLink(string name, byte[] mac, NetNs netns, NetlinkSocket inside)
    {
        var error = Try(ContainerIndex);
        if (error?.Errno == Errno.EEXIST)
        {
            // A container of that id that died with an engine before it was recorded.
            DeleteLink(name);
            error = Try(ContainerIndex);
        }

        if (error?.Errno is Errno.ENODEV or Errno.EINVAL or Errno.ENXIO)
        {
            // Someone deleted the bridge.
            _bridge = BridgeLink.Ensure(_route, _options with { Subnet = Subnet, Gateway = Gateway }, inUse: true);
            error = Try(ContainerIndex);
        }

        if (error is null)
            return ContainerIndex;
        if (error.Errno != Errno.EBUSY)
            throw error.ToException();
        // The index is taken: kernels with tunnel modules give each namespace links of their own.
        if (Try(0) is { } second)
            throw second.ToException();
        return inside.FindLink("eth0")!.Index;

        NetlinkError? Try(int peerIndex)
        {
            var batch = new NetlinkWriter();
            batch.AddVeth(name, _bridge.Index, _options.Mtu, "eth0", peerIndex, mac, netns);
            batch.WithoutLinkLocal(name);
            batch.SetUp(name);
            return _route.TryExecute(batch) is { } error && error.Errno != Errno.EAFNOSUPPORT ? error : null;
        }
    }

    private void DeleteLink(string name) => DeleteLink(name, _route);

    private static void DeleteLink(string name, NetlinkSocket route)
    {
        var batch = new NetlinkWriter();
        batch.DeleteLink(name);
        if (route.TryExecute(batch) is { } error && error.Errno is not (Errno.ENODEV or Errno.ENOENT))
            Log.Warn(error.ToException().Message);
    }

    private void Restore(Endpoint endpoint)
    {
        var address = IPAddress.Parse(endpoint.Address);
        _pool.Restore(address, endpoint.Id);
        _firewall.Restore(endpoint.Ports, address);
        Enslave(endpoint.HostLink);
        foreach (var port in endpoint.Ports)
        {
            try
            {
                _ports.Restore(port, address);
            }
            catch (System.Net.Sockets.SocketException e)
            {
                // The container keeps its port over IPv4: the firewall comes before the program that took the socket meanwhile.
                Log.Warn($"port {port.HostAddress}:{port.HostPort}/{port.Protocol} of a running container: {e.Message}");
            }
        }
    }

    /// <summary>Puts a container's link back into the bridge, should somebody have deleted the bridge meanwhile.</summary>
    private void Enslave(string link)
    {
        if (_route.FindLink(link) is not { } found || found.Master == _bridge.Index)
            return;
        var batch = new NetlinkWriter();
        batch.SetMaster(link, _bridge.Index);
        _route.Execute(batch);
    }

    /// <summary>Removes pins and bridge ports that no running container owns.</summary>
    private void Sweep(IReadOnlyCollection<Sandbox> running)
    {
        var ids = running.Select(sandbox => sandbox.ContainerId).ToHashSet();
        foreach (var pin in Directory.EnumerateFiles(_options.PinFolder).Where(pin => !ids.Contains(Path.GetFileName(pin))).ToList())
            NetNs.Unpin(pin);
        var links = running.Select(sandbox => sandbox.Endpoint?.HostLink).ToHashSet();
        foreach (var link in _route.Links().Where(link => link.Master == _bridge.Index && link.Kind == "veth" && !links.Contains(link.Name)))
            DeleteLink(link.Name);
    }
}
