using System.Text.Json.Nodes;

namespace Naru.Vm.Tests;

/// <summary>--systemd-cgroup where systemd is pid 1: a container is a scope, and systemd knows its limits.</summary>
public sealed class SystemdDriverTests : IDisposable
{
    private readonly string _id = $"nvs-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("sleep", "1000");

    private string Scope => $"naru-{_id}.scope";

    public void Dispose()
    {
        Run("delete", "--force", _id);
        _bundle.Dispose();
    }

    [ChainFact]
    public void A_container_is_a_scope_with_its_limits_until_it_is_deleted()
    {
        Start("""{"memory": {"limit": 67108864}, "pids": {"limit": 77}, "cpu": {"quota": 50000, "period": 100000, "shares": 262144}}""");
        var pid = (int)JsonNode.Parse(Must("state", _id))!["pid"]!;
        Assert.Equal($"0::/system.slice/{Scope}\n", File.ReadAllText($"/proc/{pid}/cgroup"));
        Assert.Equal(["active", "67108864", "77", "10000", "500ms", "yes"], Shown("ActiveState", "MemoryMax", "TasksMax", "CPUWeight", "CPUQuotaPerSecUSec", "Delegate"));
        Assert.Equal("67108864\n", Must("exec", _id, "cat", "/sys/fs/cgroup/memory.max"));
        Must("delete", "--force", _id);
        Assert.False(Directory.Exists($"/sys/fs/cgroup/system.slice/{Scope}"));
        Command.Until(() => Shown("ActiveState")[0] == "inactive", "the scope's end");
    }

    [ChainFact]
    public void Limits_outlive_a_reload_and_updates_go_through_systemd()
    {
        Start("""{"memory": {"limit": 67108864}, "devices": [{"allow": false, "access": "rwm"}]}""");
        Command.Must("systemctl", "daemon-reload");
        Assert.Equal("67108864\n", Must("exec", _id, "cat", "/sys/fs/cgroup/memory.max"));
        Must("update", "--memory", "96m", "--pids-limit", "50", _id);
        Assert.Equal(["100663296", "50"], Shown("MemoryMax", "TasksMax"));
        Assert.Equal("50\n", Must("exec", _id, "cat", "/sys/fs/cgroup/pids.max"));
        Assert.Equal("1\n", Must("exec", _id, "sh", "-c", "head -c1 /dev/zero | wc -c"));
    }

    // Systemd knows lists of what is allowed alone, and puts its own into force at each update and each reload.
    [ChainTheory]
    [InlineData(false)]
    [InlineData(true)]
    public void Devices_that_are_denied_by_name_stay_so_and_the_others_stay_open(bool allowed)
    {
        const string look = "for d in null zero kmsg; do (true </dev/$d) 2>/dev/null && echo $d; done; true";
        _bundle.Change(spec =>
        {
            spec.Capability("CAP_SYSLOG");
            spec["linux"]!["devices"] = JsonNode.Parse("""[{"path": "/dev/kmsg", "type": "c", "major": 1, "minor": 11}]""");
        });
        Start($$"""{"devices": [{"allow": {{(allowed ? "true" : "false")}}, "access": "rwm"}, {"allow": false, "type": "c", "major": 1, "minor": 11, "access": "rw"}]}""");
        Assert.Equal("null\nzero\n", Must("exec", _id, "sh", "-c", look));
        Must("update", "--pids-limit", "50", _id);
        Assert.Equal("null\nzero\n", Must("exec", _id, "sh", "-c", look));
        Command.Must("systemctl", "daemon-reload");
        Assert.Equal("null\nzero\n", Must("exec", _id, "sh", "-c", look));
    }

    [ChainFact]
    public void A_slice_is_made_and_a_name_that_is_none_is_refused()
    {
        Start("{}", slice: "nvs-below.slice");
        var pid = (int)JsonNode.Parse(Must("state", _id))!["pid"]!;
        Assert.Equal($"0::/nvs.slice/nvs-below.slice/{Scope}\n", File.ReadAllText($"/proc/{pid}/cgroup"));
        using var other = new Bundle("true");
        other.Change(spec => spec["linux"]!["cgroupsPath"] = "/not/three/parts");
        var result = other.Runtime(Programs.NaruRunc, "--systemd-cgroup", "run", _id + "b");
        Assert.NotEqual(0, result.Code);
        Assert.Contains("expected cgroupsPath to be of format \\\"slice:prefix:name\\\" for systemd cgroups", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(other.State));
    }

    [ChainFact]
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

    private void Start(string resources, string slice = "system.slice")
    {
        _bundle.Change(spec =>
        {
            spec["linux"]!["cgroupsPath"] = $"{slice}:naru:{_id}";
            spec["linux"]!["resources"] = JsonNode.Parse(resources);
        });
        // a shell opens its outputs on files: the container keeps them, and nobody waits for their end
        var started = Command.Run("sh", ["-c", $"exec {Programs.NaruRunc} --systemd-cgroup --root {_bundle.State} run -d {_id} </dev/null >{_bundle.At}/out 2>&1"], folder: _bundle.At);
        Assert.True(started.Code == 0, File.ReadAllText(_bundle.Folder["out"]));
    }

    private Result Run(params string[] words) => _bundle.Runtime(Programs.NaruRunc, words);

    private string Must(params string[] words)
    {
        var result = Run(words);
        Assert.True(result.Code == 0, result.ToString());
        return result.Out;
    }

    /// <summary>What systemd says of the scope's properties, in the order of their names here.</summary>
    private string[] Shown(params string[] properties) => [.. properties.Select(property => Command.Must("systemctl", "show", "--value", "--property", property, Scope).Trim())];
}
