using System.Net;
using System.Net.Sockets;
using Naru.Linux;
using Naru.Network;

namespace Naru.System.Tests.Network;

/// <summary>A namespace that stands for the machine, with an engine's bridge in it, and a neighbour outside of it.</summary>
internal sealed class BridgeWorld : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("naru-network-").FullName;

    public static IPAddress MachineAddress { get; } = IPAddress.Parse("10.99.0.1");

    public static IPAddress NeighbourAddress { get; } = IPAddress.Parse("10.99.0.2");

    public NetNs Machine { get; }

    public NetNs Outside { get; }

    public ContainerNetwork Network { get; private set; }

    /// <param name="before">Runs in the machine before the engine opens its network.</param>
    public BridgeWorld(Action? before = null)
    {
        Outside = Make("outside", out var outside);
        Machine = Make("machine", out var machine);
        using (outside)
        using (machine)
        {
            var batch = new NetlinkWriter();
            batch.AddVeth("out", 0, 1500, "eth0", 2, MacAddress.Random(), Outside);
            batch.SetUp("out");
            machine.Execute(batch);
            batch = new NetlinkWriter();
            batch.AddAddress(machine.FindLink("out")!.Index, MachineAddress, 24);
            machine.Execute(batch);
            batch = new NetlinkWriter();
            batch.SetUp(2);
            batch.AddAddress(2, NeighbourAddress, 24);
            batch.AddDefaultRoute(2, MachineAddress);
            outside.Execute(batch);
        }

        InMachine(() => before?.Invoke());
        Network = Open();
    }

    /// <summary>The namespaces that are pinned, once all that was released is gone.</summary>
    public string[] Pins
    {
        get
        {
            Network.Settle();
            return Directory.GetFiles(Path.Combine(_folder, "pins"));
        }
    }

    /// <summary>An engine's network, as at narud's start.</summary>
    public ContainerNetwork Open(NetworkOptions? options = null, params Sandbox[] running) =>
        Machine.Run(() => ContainerNetwork.Open((options ?? new NetworkOptions { PinFolder = "" }) with { PinFolder = Path.Combine(_folder, "pins") }, running));

    /// <summary>Ends the engine as kill -9 would, sockets and all, and starts the next one.</summary>
    public void Restart(params Sandbox[] running)
    {
        Network.Dispose();
        Network = Open(null, running);
    }

    public Sandbox Attach(string id, params PortRequest[] ports) =>
        Machine.Run(() => Network.Attach(new SandboxRequest { ContainerId = id, ContainerName = id, Ports = ports }));

    public void InMachine(Action action) => Machine.Run(() =>
    {
        action();
        return true;
    });

    public string Nft(string script) => Machine.Run(() => Nftables.Run(script));

    public static Socket Listen(NetNs netns, int port, IPAddress? address = null) => netns.Run(() =>
    {
        var any = address ?? IPAddress.Any;
        var socket = new Socket(any.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(any, port));
        socket.Listen();
        return socket;
    });

    /// <summary>Answers every datagram with <paramref name="word"/>, until it is disposed.</summary>
    public static Socket Echo(NetNs netns, int port, string word) => netns.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, port));
        new Thread(() =>
        {
            var buffer = new byte[64];
            EndPoint from = new IPEndPoint(IPAddress.Any, 0);
            try
            {
                while (true)
                {
                    socket.ReceiveFrom(buffer, ref from);
                    socket.SendTo(global::System.Text.Encoding.ASCII.GetBytes(word), from);
                }
            }
            catch (Exception disposed) when (disposed is SocketException or ObjectDisposedException)
            {
            }
        })
        { IsBackground = true }.Start();
        return socket;
    });

    /// <summary>Whether a connection is made; one that is dropped on the way takes the whole second to fail.</summary>
    public static bool Reaches(NetNs from, IPAddress address, int port) => from.Run(() =>
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            return socket.ConnectAsync(address, port).Wait(TimeSpan.FromSeconds(1));
        }
        catch (AggregateException)
        {
            return false;
        }
    });

    /// <summary>What a datagram brings back within a second; null for nothing.</summary>
    public static string? Ask(NetNs from, IPAddress address, int port) => from.Run(() =>
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 1000 };
        return Ask(socket, new IPEndPoint(address, port));
    });

    public static string? Ask(Socket socket, IPEndPoint end)
    {
        try
        {
            socket.SendTo("?"u8, end);
            var buffer = new byte[64];
            return global::System.Text.Encoding.ASCII.GetString(buffer, 0, socket.Receive(buffer));
        }
        catch (SocketException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        Network.Dispose();
        foreach (var pin in Directory.GetFiles(Path.Combine(_folder, "pins")).Concat(Directory.EnumerateFiles(_folder)).ToList())
            NetNs.Unpin(pin);
        Machine.Dispose();
        Outside.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private NetNs Make(string name, out NetlinkSocket route) => NetNs.Create(
        Path.Combine(_folder, name),
        () =>
        {
            var socket = NetlinkSocket.OpenRoute();
            var batch = new NetlinkWriter();
            batch.SetUp(1);
            socket.Execute(batch);
            return socket;
        },
        out route);
}
