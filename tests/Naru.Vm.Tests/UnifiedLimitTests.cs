using System.Text.Json.Nodes;

namespace Naru.Vm.Tests;

/// <summary>linux.resources where cgroup v2 is all there is: what the container sees of its limits, and what happens at them.</summary>
public sealed class UnifiedLimitTests
{
    private readonly string _id = $"nvl-{Guid.NewGuid():N}"[..16];

    [ChainFact]
    public void Limits_are_in_the_files_that_the_container_sees()
    {
        var disk = File.ReadAllText("/sys/block/nvme0n1/dev").Trim().Split(':');
        using var bundle = Limited($$$"""
            {"memory": {"limit": 67108864, "swap": 100663296, "reservation": 33554432}, "pids": {"limit": 77},
             "cpu": {"shares": 262144, "quota": 50000, "period": 200000, "burst": 10000, "cpus": "1", "mems": "0"},
             "blockIO": {"throttleReadBpsDevice": [{"major": {{{disk[0]}}}, "minor": {{{disk[1]}}}, "rate": 1048576}],
                         "throttleWriteIOPSDevice": [{"major": {{{disk[0]}}}, "minor": {{{disk[1]}}}, "rate": 500}]},
             "hugepageLimits": [{"pageSize": "2MB", "limit": 4194304}], "unified": {"memory.high": "62914560", "cpu.weight.nice": "-20"}}
            """, "cd /sys/fs/cgroup; for f in memory.max memory.swap.max memory.low memory.high pids.max cpu.weight cpu.max cpu.max.burst cpuset.cpus.effective cpuset.mems.effective io.max hugetlb.2MB.max; do echo $f $(cat $f); done");
        Assert.Equal(
            ["memory.max 67108864", "memory.swap.max 33554432", "memory.low 33554432", "memory.high 62914560", "pids.max 77", "cpu.weight 8668", "cpu.max 50000 200000", "cpu.max.burst 10000",
                "cpuset.cpus.effective 1", "cpuset.mems.effective 0", $"io.max {disk[0]}:{disk[1]} rbps=1048576 wbps=max riops=max wiops=500", "hugetlb.2MB.max 4194304"],
            Lines(bundle));
    }

    [ChainFact]
    public void What_takes_more_memory_is_killed_and_the_rest_lives_on()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["resources"] = JsonNode.Parse("""{"memory": {"limit": 16777216, "swap": 16777216}}"""));
        Assert.Equal(137, held.Run("exec", _id, "sh", "-c", "x=$(head -c 64m /dev/zero | tr '\\0' x); echo ${#x}").Code);
        // the shell, and perhaps its child before it
        Assert.InRange(int.Parse(held.Must("exec", _id, "sed", "-n", "s/^oom_kill //p", "/sys/fs/cgroup/memory.events")), 1, 2);
        Assert.Equal("running", held.Status());
    }

    [ChainFact]
    public void One_process_too_many_is_refused()
    {
        using var bundle = Limited("""{"pids": {"limit": 4}}""", "for i in 1 2 3 4 5; do sleep 5 & done; wait");
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Contains("can't fork: Resource temporarily unavailable", result.Error);
    }

    [ChainFact]
    public void Who_uses_up_the_quota_waits()
    {
        using var bundle = Limited("""{"cpu": {"quota": 10000, "period": 100000}}""", "i=0; while [ $i -lt 3000 ]; do i=$((i+1)); done; grep '^nr_throttled ' /sys/fs/cgroup/cpu.stat");
        Assert.True(int.Parse(Lines(bundle)[0].Split(' ')[1]) > 0);
    }

    [ChainFact]
    public void A_disk_gives_no_more_than_its_limit()
    {
        var disk = File.ReadAllText("/sys/block/nvme0n1/dev").Trim().Split(':');
        using var bundle = Limited($$$"""{"blockIO": {"throttleWriteBpsDevice": [{"major": {{{disk[0]}}}, "minor": {{{disk[1]}}}, "rate": 1048576}]}}""",
            "a=$(date +%s); dd if=/dev/zero of=/tmp/data bs=1M count=8 conv=fsync 2>/dev/null; echo $(($(date +%s) - a))");
        // eight seconds, less the first slice, which is given at once
        Assert.InRange(int.Parse(Lines(bundle)[0]), 6, 60);
    }

    [ChainFact]
    public void The_numbers_are_those_of_the_cgroup()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["resources"] = JsonNode.Parse("""{"memory": {"limit": 67108864}, "pids": {"limit": 9}}"""));
        // a file in a tmpfs is memory of the container
        held.Must("exec", _id, "sh", "-c", "head -c 8m /dev/zero >/dev/shm/file");
        var data = JsonNode.Parse(held.Must("events", "--stats", _id))!["data"]!;
        Assert.InRange((long)data["memory"]!["usage"]!["usage"]!, 8 << 20, 64 << 20);
        Assert.Equal(64 << 20, (long)data["memory"]!["usage"]!["limit"]!);
        Assert.Equal((1, 9), ((int)data["pids"]!["current"]!, (int)data["pids"]!["limit"]!));
        Assert.True((long)data["cpu"]!["usage"]!["total"]! > 0);
    }

    [ChainFact]
    public void Devices_are_opened_as_the_rules_say()
    {
        using var bundle = Limited("""
            {"devices": [{"allow": false, "access": "rwm"}, {"allow": true, "type": "c", "major": 10, "minor": 229, "access": "r"}]}
            """, "mknod /dev/a c 10 229; mknod /dev/b c 1 1; (exec 3</dev/a) && echo read; (exec 3>/dev/a); (exec 3</dev/b); echo x >/dev/null && echo null");
        bundle.Change(spec =>
        {
            foreach (var set in new[] { "bounding", "effective", "permitted" })
            {
                spec["process"]!["capabilities"]![set]!.AsArray().Add("CAP_MKNOD");
            }
        });
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal("read\nnull\n", result.Out);
        Assert.Equal(["/dev/a: Operation not permitted", "/dev/b: Operation not permitted"], result.Error.TrimEnd().Split('\n').Select(line => line[line.IndexOf("/dev/", StringComparison.Ordinal)..]));
    }

    private Bundle Limited(string resources, string script)
    {
        var bundle = new Bundle("sh", "-c", script);
        bundle.Change(spec => spec["linux"]!["resources"] = JsonNode.Parse(resources));
        return bundle;
    }

    private string[] Lines(Bundle bundle)
    {
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal((0, ""), (result.Code, result.Error));
        return result.Out.TrimEnd().Split('\n');
    }
}
