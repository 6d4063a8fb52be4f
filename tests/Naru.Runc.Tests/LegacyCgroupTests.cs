using System.Text.Json.Nodes;
using static Naru.Runc.Tests.ContainerCgroups;

namespace Naru.Runc.Tests;

/// <summary>linux.resources where the controllers are those of cgroup v1. What needs v2 alone is in tests/Naru.Vm.Tests.</summary>
public sealed class LegacyCgroupTests
{
    private readonly string _id = $"ncl-{Guid.NewGuid():N}"[..16];

    [VersionOneFact]
    public void Limits_of_version_1_are_what_was_asked_for()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["resources"] = JsonNode.Parse("""
            {"memory": {"limit": 67108864, "swap": 134217728, "reservation": 33554432, "swappiness": 70, "disableOOMKiller": true, "kernel": 1000},
             "cpu": {"shares": 512, "quota": 50000, "period": 100000, "burst": 10000, "cpus": "0", "mems": "0"}, "pids": {"limit": -1}}
            """));
        foreach (var (controller, file, value) in new[]
        {
            ("memory", "memory.limit_in_bytes", "67108864"), ("memory", "memory.memsw.limit_in_bytes", "134217728"), ("memory", "memory.soft_limit_in_bytes", "33554432"),
            ("memory", "memory.swappiness", "70"), ("cpu", "cpu.shares", "512"), ("cpu", "cpu.cfs_quota_us", "50000"), ("cpu", "cpu.cfs_period_us", "100000"),
            ("cpu", "cpu.cfs_burst_us", "10000"), ("cpuset", "cpuset.cpus", "0"), ("cpuset", "cpuset.mems", "0"), ("pids", "pids.max", "max"),
        })
        {
            Assert.Equal((file, value), (file, Read(held, controller, file)));
        }

        Assert.Contains("oom_kill_disable 1", Read(held, "memory", "memory.oom_control"));
        // Both ways: the sum is never below the memory's own.
        held.Must("update", "--memory", "256m", "--memory-swap", "512m", _id);
        Assert.Equal(("268435456", "536870912"), (Read(held, "memory", "memory.limit_in_bytes"), Read(held, "memory", "memory.memsw.limit_in_bytes")));
        held.Must("update", "--memory", "32m", "--memory-swap", "48m", _id);
        Assert.Equal(("33554432", "50331648"), (Read(held, "memory", "memory.limit_in_bytes"), Read(held, "memory", "memory.memsw.limit_in_bytes")));
        held.Must("update", "--memory", "-1", _id);
        Assert.Equal("9223372036854771712", Read(held, "memory", "memory.memsw.limit_in_bytes"));
        // A quota that goes with the new period only.
        held.Must("update", "--cpu-period", "20000", "--cpu-quota", "12000", _id);
        Assert.Equal("12000 20000", Quota(held));
    }

    [VersionOneFact]
    public void What_version_1_cannot_do_is_refused()
    {
        foreach (var (resources, message) in new[]
        {
            ("""{"unified": {"memory.high": "1"}}""", "invalid configuration: cannot use unified on cgroup v1"),
            ("""{"memory": {"swappiness": 101}}""", "invalid memory swappiness value: 101 (valid range is 0-100)"),
            ("""{"cpu": {"shares": 1}}""", "the minimum allowed cpu-shares is 2"),
            ("""{"rdma": {"x": {"hcaHandles": 1}}}""", "cannot set rdma limit: container could not join or create cgroup"),
        })
        {
            using var bundle = new Bundle("true");
            bundle.Change(spec => spec["linux"]!["resources"] = JsonNode.Parse(resources));
            Assert.Contains(message, bundle.Runtime(Programs.NaruRunc, "run", _id).Error);
            Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
            Assert.Empty(Folders("/sys/fs/cgroup", _id));
        }
    }

    [VersionOneFact]
    public void A_device_that_the_cgroup_above_has_not_is_named()
    {
        var above = $"/sys/fs/cgroup/devices/{_id}";
        Directory.CreateDirectory(above);
        try
        {
            File.WriteAllText($"{above}/devices.deny", "a");
            using var bundle = new Bundle("true");
            bundle.Change(spec => spec["linux"]!["cgroupsPath"] = $"/{_id}/below");
            Assert.Contains($"write {above}/below/devices.allow: operation not permitted", bundle.Runtime(Programs.NaruRunc, "run", _id).Error);
            Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
            Assert.Empty(Directory.GetDirectories(above));
        }
        finally
        {
            foreach (var folder in Folders("/sys/fs/cgroup", _id))
                Directory.Delete(folder);
        }
    }

    [VersionOneFact]
    public void Without_systemd_its_flag_is_refused()
    {
        using var bundle = new Bundle("true");
        Assert.Contains("systemd not running on this host, cannot use systemd cgroups manager", bundle.Runtime(Programs.NaruRunc, "--systemd-cgroup", "run", _id).Error);
    }
}
