using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>linux.cgroupsPath and linux.resources, seen in the files of the container's cgroup, whichever version the machine has.</summary>
public sealed class RuntimeCgroupTests
{
    private readonly string _id = $"ncg-{Guid.NewGuid():N}"[..16];

    [ChainFact]
    public void The_first_process_and_later_ones_are_in_their_cgroup_in_every_hierarchy()
    {
        using var held = new HeldContainer(_id, spec =>
        {
            spec["linux"]!["cgroupsPath"] = $"/{_id}";
            spec["linux"]!["namespaces"] = Without(spec["linux"]!["namespaces"]!, "cgroup");
            spec["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
            spec["linux"]!["uidMappings"] = JsonNode.Parse("""[{"containerID": 0, "hostID": 100000, "size": 65536}]""");
            spec["linux"]!["gidMappings"] = JsonNode.Parse("""[{"containerID": 0, "hostID": 100000, "size": 65536}]""");
            Command.Must("chmod", "755", System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(spec["root"]!["path"]!.GetValue<string>())) ?? "/");
        });
        Assert.All(held.Must("exec", _id, "cat", "/proc/1/cgroup", "/proc/self/cgroup").TrimEnd().Split('\n'), line => Assert.EndsWith($":/{_id}", line));
    }

    [ChainFact]
    public void Without_a_slash_it_is_by_the_callers_own_cgroup()
    {
        using var held = new HeldContainer(_id);
        foreach (var line in CgroupsOf(Pid(held)))
        {
            var own = CgroupsOf(Environment.ProcessId).Single(other => other.Name == line.Name).Path;
            var parent = File.Exists("/sys/fs/cgroup/cgroup.controllers") ? System.IO.Path.GetDirectoryName(own)! : own;
            Assert.Equal($"{parent.TrimEnd('/')}/{_id}", line.Path);
        }
    }

    [ChainFact]
    public void Devices_are_denied_where_nothing_is_said_of_them()
    {
        using var bundle = new Bundle("sh", "-c", "head -c1 /dev/zero | wc -c; mknod /tmp/mem c 1 1; head -c1 /tmp/mem");
        bundle.Change(spec =>
        {
            spec["linux"]!["resources"] = new JsonObject();
            foreach (var set in new[] { "bounding", "effective", "permitted" })
                spec["process"]!["capabilities"]![set]!.AsArray().Add("CAP_MKNOD");
        });
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal("1\n", result.Out);
        Assert.Contains("/tmp/mem: Operation not permitted", result.Error);
    }

    [ChainFact]
    public void Resources_that_make_no_sense_are_refused_before_anything_is_made()
    {
        foreach (var (resources, message) in new[]
        {
            ("""{"devices": [{"allow": true, "type": "c"}]}""", "device access at 0 field cannot be empty"),
            ("""{"devices": [{"allow": true, "type": "p", "access": "r"}]}""", "invalid cgroup device type \\\"p\\\""),
        })
        {
            using var bundle = new Bundle("true");
            bundle.Change(spec => spec["linux"]!["resources"] = JsonNode.Parse(resources));
            Assert.Contains(message, bundle.Runtime(Programs.NaruRunc, "run", _id).Error);
            Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
        }
    }

    [ChainFact]
    public void A_limit_that_the_kernel_refuses_is_named_and_leaves_nothing()
    {
        using var bundle = new Bundle("true");
        bundle.Change(spec =>
        {
            spec["linux"]!["cgroupsPath"] = $"/{_id}";
            spec["linux"]!["resources"] = JsonNode.Parse("""{"cpu": {"cpus": "4000"}}""");
        });
        var error = bundle.Runtime(Programs.NaruRunc, "run", _id).Error;
        Assert.Contains($"{_id}/cpuset.cpus: ", error);
        Assert.Contains("4000", error);
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
        Assert.Empty(Folders("/sys/fs/cgroup", _id));
    }

    [ChainFact]
    public void An_update_goes_on_from_the_one_before_it()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["resources"] = JsonNode.Parse("""{"cpu": {"quota": 40000, "period": 80000}, "pids": {"limit": 30}}"""));
        // Either of the two is written with the other as it was set last.
        held.Must("update", "--cpu-quota", "20000", _id);
        Assert.Equal("20000 80000", Quota(held));
        held.Must("update", "--cpu-period", "50000", _id);
        Assert.Equal("20000 50000", Quota(held));
        Assert.Equal("30", Read(held, "pids", "pids.max"));
        var update = Command.Run(Programs.NaruRunc, ["--root", held.Bundle.State, "update", "--resources", "-", _id], stdin: """{"pids": {"limit": 31}, "cpu": {"quota": -1}}""");
        Assert.True(update.Code == 0, update.ToString());
        Assert.Equal("31", Read(held, "pids", "pids.max"));
        Assert.StartsWith(Unified ? "max" : "-1", Quota(held));
    }

    [ChainFact]
    public void An_update_that_fails_half_way_is_taken_back()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["resources"] = JsonNode.Parse("""{"memory": {"limit": 67108864}, "cpu": {"quota": 40000, "period": 80000}}"""));
        var result = held.Run("update", "--memory", "96m", "--cpu-quota", "1", _id);
        Assert.Equal(1, result.Code);
        Assert.Contains("failed to write \\\"1", result.Error);
        Assert.Equal("67108864", Read(held, "memory", Unified ? "memory.max" : "memory.limit_in_bytes"));
        Assert.Equal("40000 80000", Quota(held));
    }

    [ChainFact]
    public void Processes_can_be_executed_in_a_cgroup_below()
    {
        using var held = new HeldContainer(_id, spec =>
        {
            spec["linux"]!["cgroupsPath"] = $"/{_id}";
            spec["linux"]!["namespaces"] = Without(spec["linux"]!["namespaces"]!, "cgroup");
        });
        foreach (var folder in Folders("/sys/fs/cgroup", _id))
            Directory.CreateDirectory(System.IO.Path.Combine(folder, "sub"));
        foreach (var folder in Folders("/sys/fs/cgroup/cpuset", _id))
        {
            File.WriteAllText($"{folder}/sub/cpuset.cpus", File.ReadAllText($"{folder}/cpuset.cpus"));
            File.WriteAllText($"{folder}/sub/cpuset.mems", File.ReadAllText($"{folder}/cpuset.mems"));
        }

        Assert.All(held.Must("exec", "--cgroup", "sub", _id, "cat", "/proc/self/cgroup").TrimEnd().Split('\n'), line => Assert.EndsWith($":/{_id}/sub", line));
        Assert.Contains("is not a sub cgroup path", held.Run("exec", "--cgroup", "../..", _id, "true").Error);
        if (!Unified)
        {
            var lines = held.Must("exec", "--cgroup", "pids:sub", _id, "cat", "/proc/self/cgroup").Split('\n');
            Assert.Contains(lines, line => line.EndsWith($":pids:/{_id}/sub", StringComparison.Ordinal));
            Assert.Contains(lines, line => line.EndsWith($":memory:/{_id}", StringComparison.Ordinal));
            Assert.Contains("unknown controller nope", held.Run("exec", "--cgroup", "nope:sub", _id, "true").Error);
        }
    }

    [ChainFact]
    public void Delete_takes_cgroups_below_and_frozen_processes_too()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["cgroupsPath"] = $"/{_id}");
        var pid = Pid(held);
        foreach (var folder in Folders("/sys/fs/cgroup", _id).Where(folder => File.Exists($"{folder}/freezer.state") || File.Exists($"{folder}/cgroup.freeze")))
        {
            var below = Directory.CreateDirectory(System.IO.Path.Combine(folder, "a/b")).FullName;
            File.WriteAllText($"{below}/cgroup.procs", pid.ToString());
            File.WriteAllText(File.Exists($"{below}/freezer.state") ? $"{below}/freezer.state" : $"{below}/cgroup.freeze", File.Exists($"{below}/freezer.state") ? "FROZEN" : "1");
        }

        held.Must("delete", "--force", _id);
        Assert.Empty(Folders("/sys/fs/cgroup", _id));
        // Whoever inherited it may not have looked yet.
        Assert.True(!File.Exists($"/proc/{pid}/stat") || File.ReadAllText($"/proc/{pid}/stat").Contains(") Z "));
    }

    [ChainFact]
    public void The_stream_of_events_ends_with_the_container()
    {
        using var held = new HeldContainer(_id);
        using var events = Command.Start(Programs.NaruRunc, ["--root", held.Bundle.State, "events", "--interval", "200ms", _id]);
        var first = JsonNode.Parse(events.StandardOutput.ReadLine()!)!;
        Assert.Equal(("stats", _id), (first["type"]!.GetValue<string>(), first["id"]!.GetValue<string>()));
        held.Must("kill", _id, "KILL");
        Assert.True(events.WaitForExit(TimeSpan.FromSeconds(10)));
        Assert.Equal(0, events.ExitCode);
        Assert.Contains($"container with id {_id} is not running", held.Run("events", "--stats", _id).Error);
    }

    [ChainFact]
    public void A_process_that_is_killed_for_want_of_memory_is_an_event()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["resources"] = JsonNode.Parse("""{"memory": {"limit": 16777216, "swap": 16777216}}"""));
        using var events = Command.Start(Programs.NaruRunc, ["--root", held.Bundle.State, "events", "--interval", "1h", _id]);
        // The watch is there once the runtime waits.
        Command.Until(() => File.ReadAllText($"/proc/{events.Id}/wchan").Contains("poll"), "events waits");
        Assert.Equal(137, held.Run("exec", _id, "sh", "-c", "x=$(head -c 64m /dev/zero | tr '\\0' x); echo ${#x}").Code);
        Assert.Equal($$"""{"type":"oom","id":"{{_id}}"}""", events.StandardOutput.ReadLine());
        held.Must("kill", _id, "KILL");
        Assert.True(events.WaitForExit(TimeSpan.FromSeconds(10)));
    }

    [ChainFact]
    public void Numbers_have_the_names_and_order_of_runc()
    {
        using var held = new HeldContainer(_id);
        var line = held.Must("events", "--stats", _id);
        var data = JsonNode.Parse(line)!["data"]!.AsObject();
        Assert.Equal(["cpu", "cpuset", "memory", "pids", "blkio", "hugetlb", "intel_rdt", "network_interfaces"], data.Select(member => member.Key));
        Assert.Equal(["usage", "throttling"], data["cpu"]!.AsObject().Select(member => member.Key).Take(2));
        Assert.Equal(["limit", "usage", "max", "failcnt"], data["memory"]!["usage"]!.AsObject().Select(member => member.Key));
        var keys = data["memory"]!["raw"]!.AsObject().Select(member => member.Key).ToList();
        Assert.Equal(keys.Order(StringComparer.Ordinal), keys);
        Assert.Equal(1, (int)data["pids"]!["current"]!);
        Assert.True((long)data["cpu"]!["usage"]!["total"]! > 0);
    }

    [CgroupFact(1)]
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

    [CgroupFact(1)]
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

    [CgroupFact(2)]
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

    [CgroupFact(2)]
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

    [CgroupFact(2)]
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

    [CgroupFact(2)]
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

    [CgroupFact(2, systemd: true)]
    public void A_container_is_a_scope_of_systemds()
    {
        using var bundle = new Bundle("sleep", "60");
        bundle.Change(spec =>
        {
            spec["linux"]!["cgroupsPath"] = $"ncg-a.slice:ncg:{_id}";
            spec["linux"]!["resources"] = JsonNode.Parse("""{"memory": {"limit": 67108864}, "pids": {"limit": 77}, "devices": [{"allow": false, "access": "rwm"}]}""");
            spec["annotations"] = JsonNode.Parse("""{"org.systemd.property.TimeoutStopSec": "uint64 7", "org.systemd.property.CollectMode": "'inactive-or-failed'"}""");
        });
        var unit = $"ncg-{_id}.scope";
        var folder = $"/sys/fs/cgroup/ncg.slice/ncg-a.slice/{unit}";
        var run = Command.Run("sh", ["-c", $"exec {Programs.NaruRunc} --root {bundle.State} --systemd-cgroup run -d {_id} </dev/null >{bundle.At}/out 2>&1"], folder: bundle.At);
        Assert.True(run.Code == 0, File.ReadAllText(bundle.Folder["out"]));
        Assert.Equal(("67108864", "77"), (File.ReadAllText($"{folder}/memory.max").Trim(), File.ReadAllText($"{folder}/pids.max").Trim()));
        Assert.Equal(["CollectMode=inactive-or-failed", "Delegate=yes", "DevicePolicy=strict", "MemoryMax=67108864", "Slice=ncg-a.slice", "TasksMax=77", "TimeoutStopUSec=7s"],
            Command.Must("systemctl", "show", unit, "-p", "Slice", "-p", "Delegate", "-p", "MemoryMax", "-p", "TasksMax", "-p", "TimeoutStopUSec", "-p", "CollectMode", "-p", "DevicePolicy").Split('\n').Order(StringComparer.Ordinal));
        Assert.Equal(0, bundle.Runtime(Programs.NaruRunc, "exec", _id, "true").Code);
        Assert.Equal(0, bundle.Runtime(Programs.NaruRunc, "update", "--memory", "96m", _id).Code);
        Assert.Equal("MemoryMax=100663296", Command.Must("systemctl", "show", unit, "-p", "MemoryMax"));
        // The same name again is somebody's.
        using var second = new Bundle("true");
        second.Change(spec => spec["linux"]!["cgroupsPath"] = $"ncg-a.slice:ncg:{_id}");
        Assert.Contains("container's cgroup is not empty", second.Runtime(Programs.NaruRunc, "--systemd-cgroup", "run", _id + "b").Error);
        Assert.Equal(0, bundle.Runtime(Programs.NaruRunc, "delete", "--force", _id).Code);
        Assert.False(Directory.Exists(folder));
        Assert.NotEqual(0, Command.Run("systemctl", ["is-active", "-q", unit]).Code);
    }

    [CgroupFact(1)]
    public void Without_systemd_its_flag_is_refused()
    {
        using var bundle = new Bundle("true");
        Assert.Contains("systemd not running on this host, cannot use systemd cgroups manager", bundle.Runtime(Programs.NaruRunc, "--systemd-cgroup", "run", _id).Error);
    }

    private static bool Unified => File.Exists("/sys/fs/cgroup/cgroup.controllers");

    private int Pid(HeldContainer held) => JsonNode.Parse(held.Must("state", _id))!["pid"]!.GetValue<int>();

    private static IEnumerable<(string Name, string Path)> CgroupsOf(int pid) =>
        File.ReadAllLines($"/proc/{pid}/cgroup").Select(line => line.Split(':', 3)).Select(parts => (parts[1], parts[2]));

    private string Read(HeldContainer held, string controller, string file)
    {
        var line = CgroupsOf(Pid(held)).First(line => Unified ? line.Name.Length == 0 : line.Name.Split(',').Contains(controller));
        return File.ReadAllText(Unified ? $"/sys/fs/cgroup{line.Path}/{file}" : $"/sys/fs/cgroup/{line.Name}{line.Path}/{file}").Trim();
    }

    private string Quota(HeldContainer held) => Unified ? Read(held, "cpu", "cpu.max") : $"{Read(held, "cpu", "cpu.cfs_quota_us")} {Read(held, "cpu", "cpu.cfs_period_us")}";

    /// <summary>The cgroups of that name, wherever they are.</summary>
    private static List<string> Folders(string top, string name) => !Directory.Exists(top) ? []
        : Directory.EnumerateDirectories(top, name, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = 0 }).ToList();

    private static JsonArray Without(JsonNode namespaces, string type) =>
        new([.. namespaces.AsArray().Where(entry => entry!["type"]!.GetValue<string>() != type).Select(entry => entry!.DeepClone())]);
}
