using Naru.Base;
using Naru.Oci.Runtime;
using Naru.Runtime.Cgroups;
using Naru.Runtime.DBus;

namespace Naru.Tests.Runtime.Cgroups;

public sealed class SystemdPropertiesTests
{
    [Fact]
    public void Limits_are_told_in_v2s_terms()
    {
        var list = new SystemdProperties().WithLimits(new Resources
        {
            Memory = new MemoryResources { Limit = 100, Swap = 150, Reservation = 50 },
            Cpu = new CpuResources { Shares = 1024, Quota = 12345, Period = 100000, Cpus = "0-2,9", Mems = "0" },
            Pids = new PidsResources { Limit = -1 },
            BlockIo = new BlockIoResources { Weight = 1000 },
            Unified = new Dictionary<string, string> { ["memory.high"] = "70", ["memory.swap.max"] = " max ", ["hugetlb.2MB.max"] = "1" },
        }, unified: true).List;
        Assert.Equal(
            ["MemoryMax=100", "MemoryLow=50", "MemorySwapMax=50", "CPUWeight=100", "CPUQuotaPeriodUSec=100000", "CPUQuotaPerSecUSec=130000", "AllowedCPUs=[7,2]", "AllowedMemoryNodes=[1]",
                "TasksMax=18446744073709551615", "IOWeight=10000", "MemoryHigh=70", "MemorySwapMax=18446744073709551615"],
            list.Select(Show));
    }

    [Fact]
    public void Limits_are_told_in_v1s_terms()
    {
        var list = new SystemdProperties().WithLimits(new Resources
        {
            Memory = new MemoryResources { Limit = -1, Swap = 150, Reservation = 50 },
            Cpu = new CpuResources { Shares = 1024, Quota = -1 },
            BlockIo = new BlockIoResources { Weight = 500 },
        }, unified: false).List;
        Assert.Equal(["MemoryLimit=18446744073709551615", "CPUShares=1024", "CPUQuotaPerSecUSec=18446744073709551615", "BlockIOWeight=500"], list.Select(Show));
    }

    [Fact]
    public void The_kernels_own_words_are_told_as_far_as_systemd_has_them()
    {
        var list = new SystemdProperties().WithOutOfMemoryPolicy(Unified(("memory.oom.group", "1"))).WithLimits(Unified(("cpu.max", "max 20000"), ("cpu.weight", "5"), ("cpu.idle", "1"),
            ("pids.max", "max"), ("cpuset.cpus", "1"), ("memory.min", "9")), unified: true).List;
        Assert.Equal(["OOMPolicy=kill", "CPUQuotaPeriodUSec=20000", "CPUQuotaPerSecUSec=18446744073709551615", "CPUWeight=0", "TasksMax=18446744073709551615", "AllowedCPUs=[2]", "MemoryMin=9"],
            list.Select(Show));
        Assert.Contains("value invalid", Assert.Throws<NaruException>(() => new SystemdProperties().WithLimits(Unified(("cpu.max", "1 2 3")), unified: true)).Message);
        Assert.Contains("\"lots\" is no number", Assert.Throws<NaruException>(() => new SystemdProperties().WithLimits(Unified(("memory.max", "lots")), unified: true)).Message);
    }

    [Fact]
    public void Devices_are_a_list_of_what_is_allowed()
    {
        DeviceRule[] rules = [new() { Allow = false, Access = "rwm" }, new() { Allow = true, Type = "c", Major = 10, Minor = 229, Access = "rw" }, new() { Allow = true, Type = "b", Major = 8, Access = "r" }];
        var list = new SystemdProperties().WithDevices(rules).List;
        Assert.Equal(["DevicePolicy=strict", "DeviceAllow=[]"], list.Take(2).Select(Show));
        Assert.StartsWith("DeviceAllow=[(/dev/char/10:229 rw),(block-8 r),(char-* m),(block-* m),(/dev/char/1:3 rwm),", Show(list[2]));
        Assert.Contains("(char-136 rwm)", Show(list[2]));
        Assert.Equal(["DevicePolicy=auto", "DeviceAllow=[]"], new SystemdProperties().WithDevices([new() { Allow = true, Access = "rwm" }]).List.Select(Show));
        // What is denied beside that cannot be said.
        DeviceRule denied = new() { Allow = false, Type = "c", Major = 1, Minor = 11, Access = "r" };
        Assert.Equal(list.Select(Show), new SystemdProperties().WithDevices([.. rules, denied]).List.Select(Show));
        Assert.Equal(["DevicePolicy=auto", "DeviceAllow=[]"], new SystemdProperties().WithDevices([new() { Allow = true, Access = "rwm" }, denied]).List.Select(Show));
        Assert.Contains("(block-* r)", Show(new SystemdProperties().WithDevices([new() { Allow = true, Type = "b", Minor = 3, Access = "r" }]).List[2]));
    }

    [Fact]
    public void A_scope_is_delegated_and_holds_the_process()
    {
        var list = SystemdProperties.OfUnit(new SystemdUnit("p-x.scope", "a.slice"), "x", 77, new Dictionary<string, string> { ["org.systemd.property.CollectMode"] = "'inactive-or-failed'", ["other"] = "'x'" }).List;
        Assert.Equal(["Description=libcontainer container x", "Slice=a.slice", "Delegate=1", "PIDs=[77]", "MemoryAccounting=1", "CPUAccounting=1", "IOAccounting=1", "TasksAccounting=1",
            "DefaultDependencies=0", "CollectMode=inactive-or-failed"], list.Select(Show));
        Assert.Contains("Wants=[a.slice]", SystemdProperties.OfUnit(new SystemdUnit("b.slice", "a.slice"), "x", 77, null).List.Select(Show));
    }

    [Theory]
    [InlineData("TimeoutStopSec", "uint64 2", "TimeoutStopUSec=2000000")]
    [InlineData("TimeoutStopSec", "1.5", "TimeoutStopUSec=1500000")]
    [InlineData("NOTSec", "3", "NOTSec=3")]
    public void Seconds_are_told_in_microseconds(string name, string value, string expected) =>
        Assert.Equal(expected, Show(Assert.Single(SystemdProperties.OfAnnotations(new Dictionary<string, string> { ["org.systemd.property." + name] = value }))));

    [Theory]
    [InlineData("ab", "1", "annotation org.systemd.property.ab name incorrect: too short")]
    [InlineData("Bad1", "1", "annotation org.systemd.property.Bad1 name incorrect: contains non-alphabetic character")]
    [InlineData("TimeoutStopSec", "'x'", "annotation org.systemd.property.TimeoutStopSec='x' value parse error: not a number")]
    public void A_wrong_annotation_is_named(string name, string value, string message) =>
        Assert.Equal(message, Assert.Throws<NaruException>(() => SystemdProperties.OfAnnotations(new Dictionary<string, string> { ["org.systemd.property." + name] = value })).Message);

    private static Resources Unified(params (string File, string Value)[] values) => new() { Unified = values.ToDictionary(pair => pair.File, pair => pair.Value) };

    private static string Show((string Name, DBusValue Value) property) => $"{property.Name}={Show(property.Value)}";

    private static string Show(DBusValue value) => value switch
    {
        DBusValue.Number number => number.Bits.ToString(),
        DBusValue.Text text => text.Value,
        DBusValue.Array array => $"[{string.Join(',', array.Items.Select(Show))}]",
        DBusValue.Struct fields => $"({string.Join(' ', fields.Fields.Select(Show))})",
        _ => value.ToString(),
    };
}
