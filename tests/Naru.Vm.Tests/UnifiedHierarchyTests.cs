using System.Text.Json.Nodes;

namespace Naru.Vm.Tests;

/// <summary>A container's place in cgroup v2: its own view of it, the freezer, and the end of all that is in it.</summary>
public sealed class UnifiedHierarchyTests
{
    private readonly string _id = $"nvh-{Guid.NewGuid():N}"[..16];

    [ChainFact]
    public void A_container_sees_its_cgroup_as_the_root_and_cannot_write_it()
    {
        using var bundle = new Bundle("sh", "-c", "cat /proc/self/cgroup; while read pid; do echo in $pid; done </sys/fs/cgroup/cgroup.procs; echo 1 >/sys/fs/cgroup/cgroup.freeze");
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal("0::/\nin 1\n", result.Out);
        Assert.Contains("/sys/fs/cgroup/cgroup.freeze: Read-only file system", result.Error);
    }

    [ChainFact]
    public void Nothing_runs_while_the_container_is_paused()
    {
        using var held = new HeldContainer(_id, spec => spec["process"]!["args"] = new JsonArray("sh", "-c", "while :; do echo >>/tmp/count; sleep 0.02; done"));
        long Count() => new FileInfo(held.Bundle.Folder["rootfs/tmp/count"]) is { Exists: true } file ? file.Length : 0;
        Command.Until(() => Count() > 0, "the first line");
        held.Must("pause", _id);
        Assert.Contains("frozen 1\n", File.ReadAllText($"{Folder(held)}/cgroup.events"));
        var counted = Count();
        Thread.Sleep(1000);
        Assert.Equal(counted, Count());
        held.Must("resume", _id);
        Command.Until(() => Count() > counted, "the next line");
    }

    [ChainFact]
    public void Processes_that_multiply_are_ended_with_their_container()
    {
        using var held = new HeldContainer(_id, spec =>
        {
            // A shell that may not fork ends: the limit is far off.
            spec["process"]!["args"] = new JsonArray("sh", "-c", "while :; do (trap '' TERM; sleep 1000; sleep 1000) & sleep 0.01; done");
            spec["linux"]!["resources"] = JsonNode.Parse("""{"pids": {"limit": 2000}}""");
        });
        var folder = Folder(held);
        Command.Until(() => File.ReadAllLines($"{folder}/cgroup.procs").Length > 20, "twenty processes");
        var processes = File.ReadAllLines($"{folder}/cgroup.procs");
        held.Must("delete", "--force", _id);
        Assert.False(Directory.Exists(folder));
        Assert.DoesNotContain(processes, pid => Directory.Exists($"/proc/{pid}"));
    }

    [ChainFact]
    public void Without_a_pid_namespace_kill_reaches_all_of_the_cgroup()
    {
        using var held = new HeldContainer(_id, spec =>
        {
            spec["linux"]!["namespaces"] = new JsonArray([.. spec["linux"]!["namespaces"]!.AsArray().Where(entry => entry!["type"]!.GetValue<string>() != "pid").Select(entry => entry!.DeepClone())]);
            spec["process"]!["args"] = new JsonArray("sh", "-c", "sleep 1000 & sleep 1000 & sleep 1000");
        });
        var folder = Folder(held);
        Command.Until(() => File.ReadAllLines($"{folder}/cgroup.procs").Length >= 3, "the three that sleep");
        held.Must("kill", "--all", _id, "KILL");
        Command.Until(() => File.ReadAllText($"{folder}/cgroup.procs").Length == 0, "the end of all");
    }

    /// <summary>The cgroup's folder on the host.</summary>
    private string Folder(HeldContainer held)
    {
        var pid = (int)JsonNode.Parse(held.Must("state", _id))!["pid"]!;
        return "/sys/fs/cgroup" + File.ReadAllText($"/proc/{pid}/cgroup").Trim()["0::".Length..];
    }
}
