using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>linux.netDevices: links of the host's that become the container's.</summary>
public sealed class NetworkDeviceTests
{
    private readonly string _id = $"ncd-{Guid.NewGuid():N}"[..16];

    private string Link => $"ncd{_id[4..12]}";

    [ChainFact("ip", "unshare")]
    public void A_device_moves_with_its_addresses_under_its_new_name()
    {
        using var bundle = new Bundle("sh", "-c", "ip -o link; ip -o addr; ip route");
        bundle.Change(spec => spec["linux"]!["netDevices"] = JsonNode.Parse($$$"""{"{{{Link}}}": {"name": "inside0"}, "{{{Link}}}b": {}}"""));
        var result = InNetworkNamespace($"""
            ip link add {Link} type veth peer name {Link}b; ip link set {Link} up; ip link set {Link}b up
            ip addr add 10.77.0.2/24 dev {Link}; ip addr add 10.77.9.9/24 dev {Link} valid_lft 100 preferred_lft 100; ip addr add fd77::2/64 dev {Link} nodad
            {Programs.NaruRunc} --root {bundle.State} run {_id}; echo status $?; ip -o link show {Link} 2>&1
            """, bundle);
        Assert.Contains("status 0", result.Out);
        Assert.Contains($"Device \"{Link}\" does not exist", result.Out);
        Assert.Matches(@"inside0@.*: <BROADCAST,MULTICAST,UP,", result.Out);
        Assert.Matches($"{Link}b@.*: <BROADCAST,MULTICAST,UP,", result.Out);
        Assert.Contains("inet 10.77.0.2/24 brd 10.77.0.255 scope global inside0", result.Out);
        Assert.Contains("inet6 fd77::2/64 scope global", result.Out);
        Assert.DoesNotContain("10.77.9.9", result.Out);
    }

    [ChainFact("ip", "unshare")]
    public void A_device_that_cannot_move_stays_and_nothing_is_left()
    {
        using var bundle = new Bundle("true");
        bundle.Change(spec => spec["linux"]!["netDevices"] = JsonNode.Parse($$$"""{"{{{Link}}}": {"name": "lo"}}"""));
        var result = InNetworkNamespace($"""
            {Programs.NaruRunc} --root {bundle.State} run {_id}; echo status $?
            ip link add {Link} type veth peer name {Link}b; {Programs.NaruRunc} --root {bundle.State} run {_id}; echo status $?; ip -o link show {Link}
            """, bundle);
        Assert.Contains($"network device {Link}: no such device", result.Error);
        Assert.Contains($"network device {Link}: a device lo exists in the container's network namespace", result.Error);
        Assert.Equal(2, result.Out.Split("status 1").Length - 1);
        Assert.Contains($"{Link}@", result.Out);
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
    }

    [ChainTheory]
    [InlineData("""{"a/b": {}}""", true, "invalid network device name \\\"a/b\\\"")]
    [InlineData("""{"eth9": {"name": "sixteen-letters-"}}""", true, "invalid network device name \\\"sixteen-letters-\\\"")]
    [InlineData("""{"eth9": {}}""", false, "unable to move network devices without a private NET namespace")]
    public void What_names_no_device_is_refused_before_anything_is_made(string devices, bool separate, string why)
    {
        using var bundle = new Bundle("true");
        bundle.Change(spec =>
        {
            spec["linux"]!["netDevices"] = JsonNode.Parse(devices);
            var namespaces = spec["linux"]!["namespaces"]!.AsArray();
            if (!separate)
            {
                namespaces.Remove(namespaces.First(entry => entry!["type"]!.GetValue<string>() == "network"));
            }
        });
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal(1, result.Code);
        Assert.Contains(why, result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
    }

    private static Result InNetworkNamespace(string script, Bundle bundle) => Command.Run("unshare", ["-n", "sh", "-c", script], folder: bundle.At);
}
