using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>process.scheduler, process.ioPriority and process.execCPUAffinity, as the kernel has them of a first process and of an exec.</summary>
public sealed class SchedulingTests : IDisposable
{
    // sched_getattr(2) of a process by the number that the host knows it by: policy, flags, nice, priority, and of a deadline its runtime, deadline, period.
    private const string Attributes = """
        import ctypes, struct, sys; b = ctypes.create_string_buffer(48); assert ctypes.CDLL(None).syscall(315, int(sys.argv[1]), b, 48, 0) == 0
        a = struct.unpack('<IIQiIQQQ', b.raw)[1:]; print(*(a if a[0] == 6 else a[:4]))
        """;

    private readonly string _id = $"ncs-{Guid.NewGuid():N}"[..16];
    private readonly Bundle _bundle = new("true");

    public void Dispose() => _bundle.Dispose();

    [ChainTheory("python3")]
    [InlineData("""{"policy": "SCHED_OTHER", "nice": 5}""", "0 0 5 0")]
    [InlineData("""{"policy": "SCHED_OTHER", "nice": -5}""", "0 0 -5 0")]
    [InlineData("""{"policy": "SCHED_OTHER", "nice": 3, "flags": ["SCHED_FLAG_KEEP_POLICY"]}""", "0 0 3 0")]
    [InlineData("""{"policy": "SCHED_BATCH", "nice": 3, "flags": ["SCHED_FLAG_KEEP_PARAMS"]}""", "0 0 own 0")]
    [InlineData("""{"policy": "SCHED_BATCH", "nice": 7, "flags": ["SCHED_FLAG_RESET_ON_FORK"]}""", "3 1 7 0")]
    [InlineData("""{"policy": "SCHED_IDLE", "nice": 30}""", "5 0 own 0")]
    [InlineData("""{"policy": "SCHED_FIFO", "priority": 10}""", "1 0 0 10")]
    [InlineData("""{"policy": "SCHED_RR", "priority": 99, "flags": ["SCHED_FLAG_RESET_ON_FORK"]}""", "2 1 0 99")]
    [InlineData("""{"policy": "SCHED_DEADLINE", "runtime": 1000000, "deadline": 20000000, "period": 30000000}""", "6 0 0 0 1000000 20000000 30000000")]
    [InlineData("""{"policy": "SCHED_DEADLINE", "runtime": 1000000, "deadline": 20000000, "flags": ["SCHED_FLAG_RECLAIM", "SCHED_FLAG_DL_OVERRUN", "SCHED_FLAG_RESET_ON_FORK"]}""",
        "6 7 0 0 1000000 20000000 20000000")]
    public void A_process_is_scheduled_as_the_configuration_has_it(string scheduler, string attributes)
    {
        using var held = new HeldContainer(_id, spec =>
        {
            spec["linux"]!["cgroupsPath"] = $"/{_id}";
            // A kernel that counts real time by cgroup gives a new one none.
            if (File.Exists("/sys/fs/cgroup/cpu/cpu.rt_runtime_us"))
                spec["linux"]!["resources"]!["cpu"] = JsonNode.Parse("""{"realtimePeriod": 1000000, "realtimeRuntime": 50000}""");
            spec["process"]!["scheduler"] = JsonNode.Parse(scheduler);
        });
        // What the configuration leaves alone is as it is with whoever runs these tests.
        attributes = attributes.Replace("own", File.ReadAllText("/proc/self/stat").Split(") ")[^1].Split(' ')[16]);
        Assert.Equal(attributes, Of(JsonNode.Parse(held.Must("state", _id))!["pid"]!.ToString()));
        // An exec is scheduled as the first process, also where it has a file that does not speak of that.
        var process = JsonNode.Parse(File.ReadAllText(held.Bundle.Folder["config.json"]))!["process"]!;
        process["scheduler"] = null;
        File.WriteAllText(held.Bundle.Folder["process.json"], process.ToJsonString());
        foreach (var words in new[] { "sleep 60", "" })
        {
            var line = $"exec {Programs.NaruRunc} --root {held.Bundle.State} exec -d --pid-file pid {(words.Length == 0 ? "-p process.json" : "")} {_id} {words} </dev/null >out 2>&1";
            Assert.True(Command.Run("sh", ["-c", line], folder: held.Bundle.At).Code == 0, File.ReadAllText(held.Bundle.Folder["out"]));
            Assert.Equal(attributes, Of(File.ReadAllText(held.Bundle.Folder["pid"])));
        }
    }

    [ChainTheory]
    [InlineData("{}", "scheduler policy is required")]
    [InlineData("""{"policy": "SCHED_NOPE"}""", "invalid scheduler policy: SCHED_NOPE")]
    [InlineData("""{"policy": "SCHED_ISO"}""", "error setting scheduler: invalid argument")]
    [InlineData("""{"policy": "SCHED_OTHER", "nice": 20}""", "invalid scheduler.nice: 20 when scheduler.policy is SCHED_OTHER")]
    [InlineData("""{"policy": "SCHED_BATCH", "nice": -21}""", "invalid scheduler.nice: -21 when scheduler.policy is SCHED_BATCH")]
    [InlineData("""{"policy": "SCHED_OTHER", "priority": -1}""", "scheduler.priority can only be specified for SchedFIFO or SchedRR policy")]
    [InlineData("""{"policy": "SCHED_FIFO", "priority": 100}""", "error setting scheduler: invalid argument")]
    [InlineData("""{"policy": "SCHED_FIFO", "priority": 0}""", "error setting scheduler: invalid argument")]
    [InlineData("""{"policy": "SCHED_OTHER", "runtime": 0, "deadline": 0, "period": 1}""", "scheduler runtime/deadline/period can only be specified for SchedDeadline policy")]
    [InlineData("""{"policy": "SCHED_DEADLINE", "runtime": 30000000, "deadline": 20000000, "period": 20000000}""", "error setting scheduler: invalid argument")]
    [InlineData("""{"policy": "SCHED_OTHER", "flags": ["SCHED_FLAG_NOPE"]}""", "invalid scheduler flag: SCHED_FLAG_NOPE")]
    public void A_scheduler_that_cannot_be_is_refused(string scheduler, string message) => Refuses("scheduler", scheduler, message);

    [ChainTheory]
    [InlineData("""{"class": "IOPRIO_CLASS_BE", "priority": 3}""", "best-effort: prio 3\n")]
    [InlineData("""{"class": "IOPRIO_CLASS_BE"}""", "best-effort: prio 0\n")]
    [InlineData("""{"class": "IOPRIO_CLASS_RT", "priority": 7}""", "realtime: prio 7\n")]
    [InlineData("""{"class": "IOPRIO_CLASS_IDLE", "priority": 0}""", "idle\n")]
    public void A_process_has_its_priority_at_the_disks(string priority, string shown)
    {
        using var held = new HeldContainer(_id, spec => spec["process"]!["ioPriority"] = JsonNode.Parse(priority));
        Assert.Equal(shown, held.Must("exec", _id, "ionice", "-p", "1"));
        Assert.Equal(shown, held.Must("exec", _id, "ionice"));
        Assert.Equal(shown, held.RunProcess("ionice", process => process.AsObject().Remove("ioPriority")).Out);
        Assert.Equal("best-effort: prio 6\n", held.RunProcess("ionice", process => process["ioPriority"] = JsonNode.Parse("""{"class": "IOPRIO_CLASS_BE", "priority": 6}""")).Out);
    }

    [ChainTheory]
    [InlineData("{}", "invalid ioPriority.Class: \\\"\\\"")]
    [InlineData("""{"class": "IOPRIO_CLASS_NONE", "priority": 0}""", "invalid ioPriority.Class: \\\"IOPRIO_CLASS_NONE\\\"")]
    [InlineData("""{"class": "IOPRIO_CLASS_BE", "priority": 8}""", "invalid ioPriority.Priority: 8")]
    [InlineData("""{"class": "IOPRIO_CLASS_BE", "priority": -1}""", "invalid ioPriority.Priority: -1")]
    public void A_priority_at_the_disks_that_cannot_be_is_refused(string priority, string message) => Refuses("ioPriority", priority, message);

    [ChainTheory("taskset")]
    [InlineData("""{"initial": "0", "final": "1"}""", "1")]
    [InlineData("""{"final": "1"}""", "1")]
    [InlineData("""{"final": " 0 , 1 "}""", "0-1")]
    [InlineData("""{"initial": "0"}""", "0")]
    [InlineData("{}", "0-1")]
    public void An_exec_runs_on_the_cpus_of_its_own_and_the_first_process_on_all(string affinity, string shown)
    {
        Assert.True(Environment.ProcessorCount >= 2);
        using var held = new HeldContainer(_id, spec =>
        {
            spec["linux"]!["resources"]!["cpu"] = JsonNode.Parse("""{"cpus": "0-1"}""");
            spec["process"]!["execCPUAffinity"] = JsonNode.Parse(affinity);
        });
        const string script = "sed -n 's/^Cpus_allowed_list:.//p' /proc/self/status";
        Assert.Equal("0-1\n", held.Must("exec", _id, "sed", "-n", "s/^Cpus_allowed_list:.//p", "/proc/1/status"));
        Assert.Equal($"{shown}\n", held.Must("exec", _id, "sh", "-c", script));
        Assert.Equal($"{shown}\n", held.RunProcess(script, process => process.AsObject().Remove("execCPUAffinity")).Out);
        Assert.Equal("0\n", held.RunProcess(script, process => process["execCPUAffinity"] = JsonNode.Parse("""{"final": "0"}""")).Out);
    }

    [ChainFact("taskset")]
    public void What_cpus_the_caller_is_bound_to_is_no_concern_of_the_containers()
    {
        var all = Command.Must("sh", "-c", "sed -n 's/^Cpus_allowed_list:.//p' /proc/1/status");
        _bundle.Change(spec => spec.Script("sed -n 's/^Cpus_allowed_list:.//p' /proc/self/status"));
        Assert.Equal(new(0, all + "\n", ""), Command.Run("taskset", ["-c", "1", Programs.NaruRunc, "--root", _bundle.State, "run", _id], folder: _bundle.At));
        using var held = new HeldContainer(_id);
        var added = Command.Run("taskset", ["-c", "1", Programs.NaruRunc, "--root", held.Bundle.State, "exec", _id, "sed", "-n", "s/^Cpus_allowed_list:.//p", "/proc/self/status"]);
        Assert.Equal(new(0, all + "\n", ""), added);
    }

    [ChainTheory]
    [InlineData("""{"initial": "a"}""", "bad CPUAffinity.Initial: strconv.ParseUint: parsing \\\"a\\\": invalid syntax")]
    [InlineData("""{"final": "0-"}""", "bad CPUAffinity.Final: strconv.ParseUint: parsing \\\"\\\": invalid syntax")]
    [InlineData("""{"final": "1-0"}""", "bad CPUAffinity.Final: invalid range: 1-0")]
    [InlineData("""{"initial": "1024"}""", "bad CPUAffinity.Initial: values larger than 1023 are not supported")]
    public void A_list_of_cpus_that_is_none_is_refused(string affinity, string message) => Refuses("execCPUAffinity", affinity, message);

    [ChainFact]
    public void Cpus_that_are_not_there_are_the_execs_failure()
    {
        using var held = new HeldContainer(_id);
        foreach (var (when, affinity) in new[] { ("initial", """{"initial": "1023"}"""), ("final", """{"final": "1023"}""") })
        {
            var result = held.RunProcess("true", process => process["execCPUAffinity"] = JsonNode.Parse(affinity));
            Assert.Equal(255, result.Code);
            Assert.Contains($"unable to start container process: error setting {when} CPU affinity: invalid argument", result.Error);
        }
    }

    [ChainFact]
    public void A_deadline_and_a_set_of_processors_do_not_go_together()
    {
        _bundle.Change(spec =>
        {
            spec["linux"]!["resources"] = JsonNode.Parse("""{"cpu": {"cpus": "0"}}""");
            spec["process"]!["scheduler"] = JsonNode.Parse("""{"policy": "SCHED_DEADLINE", "runtime": 42000, "deadline": 1000000, "period": 1000000}""");
        });
        var result = _bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal(1, result.Code);
        Assert.Contains("process scheduler can't be used together with AllowedCPUs", result.Error);
    }

    private static string Of(string pid) => Command.Must("python3", "-c", Attributes, pid);

    private void Refuses(string member, string value, string message)
    {
        _bundle.Change(spec => spec["process"]![member] = JsonNode.Parse(value));
        var result = _bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal(1, result.Code);
        Assert.Contains(message, result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(_bundle.State));
        using var held = new HeldContainer(_id);
        result = held.RunProcess("true", process => process[member] = JsonNode.Parse(value));
        Assert.Equal(255, result.Code);
        Assert.Contains(message, result.Error);
    }
}
