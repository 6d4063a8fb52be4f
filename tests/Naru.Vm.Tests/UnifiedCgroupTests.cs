using System.Text.Json.Nodes;
using static Naru.Runc.Tests.ContainerCgroups;

namespace Naru.Vm.Tests;

/// <summary>linux.resources where cgroup v2 is all there is, seen from the host: the files of the container's cgroup, and who may be in it.</summary>
public sealed class UnifiedCgroupTests
{
    private readonly string _id = $"ncu-{Guid.NewGuid():N}"[..16];

    [ChainFact]
    public void Limits_of_version_2_are_what_was_asked_for()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["resources"] = JsonNode.Parse("""
            {"memory": {"limit": 67108864, "swap": 100663296, "reservation": 33554432}, "cpu": {"shares": 1024, "quota": 50000, "period": 100000, "burst": 10000, "cpus": "0", "mems": "0"},
             "pids": {"limit": 77}, "blockIO": {"weight": 500}, "hugepageLimits": [{"pageSize": "2MB", "limit": 4194304}], "unified": {"memory.high": "60000000", "pids.max": "78"}}
            """));
        foreach (var (file, value) in new[]
        {
            ("memory.max", "67108864"), ("memory.swap.max", "33554432"), ("memory.low", "33554432"), ("memory.high", "59998208"), ("cpu.weight", "100"), ("cpu.max", "50000 100000"),
            ("cpu.max.burst", "10000"), ("cpuset.cpus", "0"), ("cpuset.mems", "0"), ("pids.max", "78"), ("hugetlb.2MB.max", "4194304"), ("hugetlb.2MB.rsvd.max", "4194304"),
        })
        {
            Assert.Equal((file, value), (file, Read(held, "", file)));
        }

        held.Must("update", "--cpu-idle", "1", "--memory", "-1", _id);
        Assert.Equal(("1", "max", "max"), (Read(held, "", "cpu.idle"), Read(held, "", "memory.max"), Read(held, "", "memory.swap.max")));
        held.Must("update", "--cpu-idle", "0", "--cpu-share", "2", _id);
        Assert.Equal("1", Read(held, "", "cpu.weight"));
    }

    [ChainFact]
    public void What_version_2_cannot_do_is_refused()
    {
        foreach (var (resources, message) in new[]
        {
            ("""{"memory": {"swappiness": 10}}""", "memory.disableOOMKiller and memory.swappiness need cgroup v1"),
            ("""{"cpu": {"realtimeRuntime": 10}}""", "realtime CPU limits do not exist on cgroup v2"),
            ("""{"network": {"classID": 7}}""", "linux.resources.network needs cgroup v1"),
            ("""{"memory": {"limit": 100, "swap": 50}}""", "memory+swap limit should be >= memory limit"),
            ("""{"unified": {"a/b": "1"}}""", "unified resource \\\"a/b\\\" must be a file name (no slashes)"),
            ("""{"unified": {"nope": "1"}}""", "unified resource \\\"nope\\\" must be in the form CONTROLLER.PARAMETER"),
            ("""{"unified": {"nope.max": "1"}}""", "unified resource \\\"nope.max\\\" can't be set: controller \\\"nope\\\" not available"),
        })
        {
            using var bundle = new Bundle("true");
            bundle.Change(spec => spec["linux"]!["resources"] = JsonNode.Parse(resources));
            Assert.Contains(message, bundle.Runtime(Programs.NaruRunc, "run", _id).Error);
            Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
            Assert.Empty(Folders("/sys/fs/cgroup", _id));
        }
    }

    [ChainFact]
    public void A_container_that_may_write_its_cgroup_owns_it()
    {
        using var held = new HeldContainer(_id, spec =>
        {
            var mount = spec["mounts"]!.AsArray().Single(mount => mount!["destination"]!.GetValue<string>() == "/sys/fs/cgroup")!;
            mount["options"] = new JsonArray("nosuid", "noexec", "nodev", "rw");
            mount["source"] = "cgroup";
            spec["process"]!["user"] = JsonNode.Parse("""{"uid": 1000, "gid": 1000}""");
            if (!spec["linux"]!["namespaces"]!.AsArray().Any(entry => entry!["type"]!.GetValue<string>() == "cgroup"))
                spec["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "cgroup" });
        });
        held.Must("exec", _id, "sh", "-c", "mkdir /sys/fs/cgroup/own && echo $$ >/sys/fs/cgroup/own/cgroup.procs && grep own /proc/self/cgroup");
        Assert.NotEqual(0, held.Run("exec", _id, "sh", "-c", "echo 1 >/sys/fs/cgroup/pids.max").Code);
    }

    [ChainFact]
    public void A_process_joins_the_first_where_the_cgroup_itself_takes_none()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["cgroupsPath"] = $"/{_id}");
        var folder = $"/sys/fs/cgroup/{_id}";
        Directory.CreateDirectory($"{folder}/init");
        File.WriteAllText($"{folder}/init/cgroup.procs", Pid(held).ToString());
        File.WriteAllText($"{folder}/cgroup.subtree_control", "+pids");
        using var run = Command.Start(Programs.NaruRunc, ["--root", held.Bundle.State, "exec", _id, "sleep", "5"]);
        Command.Until(() => File.ReadAllLines($"{folder}/init/cgroup.procs").Length == 2, "the process is beside the first");
        run.Kill();
    }
}
