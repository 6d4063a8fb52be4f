using System.Text;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
using Naru.Runtime.Cgroups;
using Naru.Runtime.Init;
using Naru.Runtime.Rootfs;
using Naru.Runtime.SpecValidation;
using Naru.Runtime.State;
using Capabilities = Naru.Linux.Capabilities;

namespace Naru.Tests.Runtime;

public sealed class RuntimeRulesTests
{
    [Fact]
    public void Device_rules_start_at_the_last_one_about_everything()
    {
        var rules = DeviceRules.Of([Rule(true, "c", 1, 3), Rule(false, null, null, null), Rule(true, "c", 10, 200), Rule(true, "c", 10, 200)]);
        Assert.True(DeviceRules.IsAboutAll(rules[0]));
        Assert.False(rules[0].Allow);
        Assert.Single(rules, rule => rule is { Major: 10, Minor: 200 });
        Assert.Contains(rules, rule => rule is { Allow: true, Major: 1, Minor: 3 });
    }

    [Fact]
    public void A_device_refused_after_it_was_allowed_can_be_allowed_again()
    {
        var rules = DeviceRules.Of([Rule(false, null, null, null), Rule(true, "c", 10, 1), Rule(false, "c", 10, 1), Rule(true, "c", 10, 1)]);
        Assert.Equal([true, false, true], rules.Where(rule => rule is { Major: 10, Minor: 1 }).Select(rule => rule.Allow));
    }

    [Fact]
    public void Without_rules_only_what_every_container_needs_is_allowed()
    {
        var rules = DeviceRules.Of(null);
        Assert.True(DeviceRules.IsAboutAll(rules[0]));
        Assert.Equal((false, 12), (rules[0].Allow, rules.Count));
        Assert.False(DeviceRules.AllowsAll(null));
        Assert.False(DeviceRules.AllowsAll([Rule(true, "a", null, null), Rule(false, "c", 1, 1)]));
        Assert.True(DeviceRules.AllowsAll([Rule(false, "c", 1, 1), Rule(true, null, null, null), Rule(true, "c", 1, 1)]));
    }

    [Fact]
    public void What_is_allowed_in_parts_is_allowed_together() =>
        Assert.Equal("rw", Assert.Single(DeviceRules.Of([Rule(true, "c", 10, 1) with { Access = "r" }, Rule(true, "c", 10, 1) with { Access = "w" }]), rule => rule is { Major: 10, Minor: 1 }).Access);

    [Fact]
    public void Only_the_letters_that_the_kernel_knows_are_handed_to_it()
    {
        var rules = DeviceRules.Of([Rule(false, "c", 1, 11) with { Access = "rwa" }, Rule(true, "c", 10, 1) with { Access = "x" }]);
        Assert.Equal("rw", Assert.Single(rules, rule => rule is { Major: 1, Minor: 11 }).Access);
        Assert.DoesNotContain(rules, rule => rule is { Major: 10, Minor: 1 });
    }

    [Fact]
    public void A_rule_without_access_is_refused()
    {
        Assert.Equal("device access at 1 field cannot be empty", Assert.Throws<NaruException>(() => DeviceRules.Check([Rule(true, "c", 1, 1), new() { Allow = true }])).Message);
        Assert.Equal("invalid cgroup device type \"p\"", Assert.Throws<NaruException>(() => DeviceRules.Check([Rule(true, "p", 1, 1)])).Message);
    }

    [Fact]
    public void What_is_denied_in_part_is_denied_when_more_is_asked()
    {
        var code = Convert.ToHexStringLower(DeviceProgram.Build([Rule(true, "a", null, null), Rule(false, "c", 10, 1) with { Access = "w" }]));
        // not a character device, r1 = asked & write, none of it asked: next; not 10:1: next; denied; all else is allowed
        Assert.EndsWith("5502070002000000" + "bc31000000000000" + "5401000004000000" + "1501040000000000" + "550403000a000000" + "5505020001000000" + "b400000000000000" + "9500000000000000"
            + "b400000001000000" + "9500000000000000", code);
    }

    [Fact]
    public void The_device_program_is_what_the_kernel_reads()
    {
        // one instruction a line: operation, source and destination, offset (2 bytes), immediate (4 bytes)
        const string expected =
            "6112000000000000" + // r2 = access_type
            "54020000ffff0000" + // r2 &= 0xffff: the device's type
            "6113000000000000" + // r3 = access_type
            "7403000010000000" + // r3 >>= 16: the access
            "6114040000000000" + // r4 = major
            "6115080000000000" + // r5 = minor
            "5502070002000000" + // not a character device: next rule
            "bc31000000000000" + // r1 = r3
            "5401000002000000" + // r1 &= read
            "5d31040000000000" + // more is asked for: next rule
            "5504030001000000" + // not major 1: next rule
            "5505020003000000" + // not minor 3: next rule
            "b400000001000000" + // allowed
            "9500000000000000" +
            "b400000000000000" + // denied: no rule is about it
            "9500000000000000";
        Assert.Equal(expected, Convert.ToHexStringLower(DeviceProgram.Build([Rule(true, "c", 1, 3) with { Access = "r" }])));
    }

    [Fact]
    public void Mount_options_are_sorted_by_how_the_kernel_takes_them()
    {
        var options = MountOptions.Parse(["rbind", "ro", "noexec", "exec", "rslave", "rro", "size=64k", "nosymfollow"]);
        Assert.Equal(MountFlags.Bind | MountFlags.Recursive | MountFlags.ReadOnly | MountFlags.NoSymlinkFollow, options.Set);
        Assert.Equal(MountFlags.NoExec, options.Clear);
        Assert.Equal([MountFlags.Slave | MountFlags.Recursive], options.Propagation);
        Assert.Equal(MountFlags.ReadOnly, options.RecursiveSet);
        Assert.Equal("size=64k", options.Data);
    }

    [Fact]
    public void Capabilities_have_the_kernels_numbers()
    {
        Assert.Equal(0xa80425fbUL, Capabilities.Parse(["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID",
            "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE"]));
        Assert.Equal(1UL << 40, Capabilities.Parse(["CAP_CHECKPOINT_RESTORE"]));
        Assert.Equal(["NOPE"], Capabilities.Unknown(["CAP_KILL", "NOPE"], null, ["NOPE"]));
    }

    [Fact]
    public void Hierarchies_are_found_among_other_mounts()
    {
        var mounts = CgroupMounts.Parse("""
            22 27 0:21 / /proc rw,relatime - proc proc rw
            31 22 0:27 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
            32 31 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
            33 31 0:29 /a /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,release_agent=/x,name=systemd
            34 31 0:30 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            35 31 0:28 / /elsewhere rw - cgroup cgroup rw,cpu,cpuacct
            """u8);
        Assert.Equal([new("cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct", "/"), new("name=systemd", "/sys/fs/cgroup/systemd", "/a"), new("", "/sys/fs/cgroup/unified", "/")], mounts);
        Assert.False(CgroupMounts.IsUnified(mounts));
        Assert.True(CgroupMounts.IsUnified(CgroupMounts.Parse("34 31 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw"u8)));
    }

    [Fact]
    public void Lists_of_CPUs_are_spelled_out()
    {
        Assert.Equal([0, 1, 2, 7], NumberList.Parse("0-2, 7", "bad list", limit: 8192));
        Assert.Empty(NumberList.Parse(null, "bad list", limit: 8192));
        Assert.Equal("bad list: invalid range: 2-1", Assert.Throws<NaruException>(() => NumberList.Parse("2-1", "bad list", limit: 8192)).Message);
    }

    [Fact]
    public void The_state_file_gives_back_what_was_written()
    {
        var state = new ContainerState
        {
            OciVersion = "1.2.1",
            Id = "a",
            Pid = 7,
            StartTime = ulong.MaxValue,
            Bundle = "/b \"<é>",
            Rootfs = "/r",
            Created = "c",
            SharedPid = true,
            Annotations = new Dictionary<string, string> { ["k"] = "v" },
            Cgroups = new Dictionary<string, string> { [""] = "/sys/fs/cgroup/x" },
            Poststop = [new Hook { Path = "/h", Args = ["h", "1"], Env = ["A=b"], Timeout = 3 }],
        };
        var read = StateJson.Read(StateJson.Write(state));
        Assert.Equal(Encoding.UTF8.GetString(StateJson.Write(state)), Encoding.UTF8.GetString(StateJson.Write(read)));
        Assert.Equal((7, ulong.MaxValue, "/b \"<é>", "v", "/sys/fs/cgroup/x", true), (read.Pid, read.StartTime, read.Bundle, read.Annotations!["k"], read.Cgroups[""], read.SharedPid));
        Assert.Equal(["h", "1"], Assert.Single(read.Poststop!).Args);
        Assert.Null(read.Poststart);
    }

    [Theory]
    [InlineData("kernel.panic", "network", "sysctl \"kernel.panic\" is not in a separate kernel namespace")]
    [InlineData("net.ipv4.ip_forward", "pid", "sysctl \"net.ipv4.ip_forward\" not allowed in host network namespace")]
    [InlineData("kernel.msgmax", "network", "sysctl \"kernel.msgmax\" is not allowed in the hosts ipc namespace")]
    public void A_sysctl_of_the_host_is_refused(string name, string type, string message)
    {
        var config = """{"ociVersion": "1.2.0", "root": {"path": "r"}, "process": {"args": ["a"], "cwd": "/"}, "linux": {"namespaces": [{"type": "mount"}, {"type": "TYPE"}], "sysctl": {"NAME": "1"}}}"""
            .Replace("TYPE", type).Replace("NAME", name);
        Assert.Equal(message, Assert.Throws<NaruException>(() => SpecReader.Parse(Encoding.UTF8.GetBytes(config))).Message);
    }

    private static DeviceRule Rule(bool allow, string? type, long? major, long? minor) => new() { Allow = allow, Type = type, Major = major, Minor = minor, Access = "rwm" };
}
