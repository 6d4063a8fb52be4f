using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Init;

/// <summary>linux.netDevices: links of the host's that move into the container's network namespace, with the addresses that were set on them.</summary>
/// <remarks>They do not come back: at the namespace's end the kernel gives physical ones to the host again, and deletes the others.</remarks>
internal sealed class NetworkDevices
{
    private const int LongestName = 15;

    private readonly List<(Link Link, string Name, IReadOnlyList<LinkAddress> Addresses)> _devices = [];

    /// <summary>Looks them up, in the runtime's network namespace.</summary>
    /// <exception cref="NaruException">NotFound: there is no such device.</exception>
    public NetworkDevices(IReadOnlyDictionary<string, NetDevice>? devices)
    {
        if (devices is not { Count: > 0 })
            return;
        using var socket = NetlinkSocket.OpenRoute();
        var links = socket.Links();
        // Those that expire are their sender's to give again, and those of the link alone are made anew.
        var addresses = socket.Addresses().Where(address => address.IsPermanent && address.IsGlobal).ToList();
        foreach (var (name, device) in devices)
        {
            var link = links.FirstOrDefault(link => link.Name == name) ?? throw NaruException.NotFound($"network device {name}: no such device");
            _devices.Add((link, device.Name is { Length: > 0 } other ? other : name, addresses.FindAll(address => address.LinkIndex == link.Index)));
        }
    }

    public bool Any => _devices.Count > 0;

    /// <summary>Refuses what no kernel would take.</summary>
    public static void Check(LinuxSpec? linux)
    {
        if (linux?.NetDevices is not { Count: > 0 } devices)
            return;
        if (linux.Namespaces?.Any(entry => entry.Type == "network") != true)
            throw NaruException.Invalid("unable to move network devices without a private NET namespace");
        foreach (var (name, device) in devices)
        {
            CheckName(name);
            if (device.Name is { Length: > 0 } other)
                CheckName(other);
        }
    }

    /// <summary>Child, before they come: the kernel finds out that a name is taken only when it has moved the device, which would be lost.</summary>
    public void CheckFree()
    {
        using var socket = NetlinkSocket.OpenRoute();
        var links = socket.Links();
        foreach (var (link, name, _) in _devices)
        {
            if (links.Any(other => other.Name == name))
                throw NaruException.Exists($"network device {link.Name}: a device {name} exists in the container's network namespace");
        }
    }

    /// <summary>Runtime, once the process is in its namespace.</summary>
    public void MoveTo(int pid)
    {
        using var socket = NetlinkSocket.OpenRoute();
        foreach (var (link, name, _) in _devices)
        {
            var batch = new NetlinkWriter();
            batch.Move(link.Index, pid, name);
            socket.Execute(batch);
        }
    }

    /// <summary>Child: gives the devices, which lost them on the way, their addresses, and brings them up.</summary>
    public void Furnish()
    {
        using var socket = NetlinkSocket.OpenRoute();
        var links = socket.Links();
        foreach (var (_, name, addresses) in _devices)
        {
            var index = links.First(link => link.Name == name).Index;
            var batch = new NetlinkWriter();
            foreach (var address in addresses)
                batch.AddAddress(index, address.Address, address.PrefixLength);
            batch.SetUp(index);
            socket.Execute(batch);
        }
    }

    private static void CheckName(string name)
    {
        if (name.Length is 0 or > LongestName || name is "." or ".." || name.AsSpan().ContainsAny('/', ':') || name.Any(char.IsWhiteSpace))
            throw NaruException.Invalid($"invalid network device name \"{name}\"");
    }
}
