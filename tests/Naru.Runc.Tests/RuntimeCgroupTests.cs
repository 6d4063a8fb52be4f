using System.Text.Json.Nodes;
using static Naru.Runc.Tests.ContainerCgroups;

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
}
