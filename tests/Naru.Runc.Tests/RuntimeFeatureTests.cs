using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>What config.json can ask of naru-runc, seen from inside the container.</summary>
public sealed class RuntimeFeatureTests
{
    private readonly string _id = $"ncf-{Guid.NewGuid():N}"[..16];

    [ChainFact]
    public void Hooks_run_in_their_order_and_place()
    {
        using var bundle = new Bundle("sh", "-c", "echo main");
        var log = bundle.Folder["hooks"];
        bundle.Change(spec =>
        {
            foreach (var kind in new[] { "prestart", "createRuntime", "poststart", "poststop" })
            {
                AddHook(spec, kind, $"""echo {kind} $(grep -o '"status":"[a-z]*"') >>{log}""");
            }
            AddHook(spec, "createContainer", $"echo createContainer >>{log}");
            AddHook(spec, "startContainer", "hostname");
        });
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal((0, "main\n", ""), (result.Code, result.Out, result.Error));
        Assert.Equal(
            ["prestart \"status\":\"creating\"", "createRuntime \"status\":\"creating\"", "createContainer", "poststart \"status\":\"running\"", "poststop \"status\":\"stopped\""],
            File.ReadAllLines(log));
    }

    [ChainFact]
    public void A_hook_that_fails_ends_the_start()
    {
        foreach (var kind in new[] { "prestart", "createRuntime", "createContainer", "poststart" })
        {
            using var bundle = new Bundle("sleep", "60");
            bundle.Change(spec => AddHook(spec, kind, "echo out; echo err >&2; exit 3"));
            var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
            Assert.Equal(1, result.Code);
            Assert.Contains($"error running {kind} hook #0: exit status 3, stdout: out\\n, stderr: err\\n", result.Error);
            Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
        }
    }

    [ChainFact]
    public void A_hook_that_takes_too_long_is_ended()
    {
        using var bundle = new Bundle("true");
        bundle.Change(spec =>
        {
            AddHook(spec, "createRuntime", "sleep 30");
            spec["hooks"]!["createRuntime"]![0]!["timeout"] = 1;
        });
        Assert.Contains("hook ran past specified timeout of 1.0s", bundle.Runtime(Programs.NaruRunc, "run", _id).Error);
    }

    [ChainFact]
    public void A_program_that_is_no_program_fails_as_the_container()
    {
        using var bundle = new Bundle("/bad");
        File.WriteAllText(bundle.Folder["rootfs/bad"], "neither ELF nor a script");
        Command.Must("chmod", "755", bundle.Folder["rootfs/bad"]);
        Assert.Equal(new(255, "", "exec /bad: exec format error\n"), bundle.Runtime(Programs.NaruRunc, "run", _id));
    }

    [ChainFact]
    public void Limits_are_seen_by_the_kernel_and_can_be_changed()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["resources"] = JsonNode.Parse("""
            {"memory": {"limit": 67108864}, "pids": {"limit": 77}, "cpu": {"shares": 512, "quota": 50000, "period": 100000}}
            """));
        var stats = JsonNode.Parse(held.Must("events", "--stats", _id))!["data"]!;
        Assert.Equal(77, (int)stats["pids"]!["limit"]!);
        Assert.Equal(67108864, (long)stats["memory"]!["usage"]!["limit"]!);
        held.Must("update", "--memory", "96m", "--pids-limit", "50", _id);
        stats = JsonNode.Parse(held.Must("events", "--stats", _id))!["data"]!;
        Assert.Equal((50, 96L << 20), ((int)stats["pids"]!["limit"]!, (long)stats["memory"]!["usage"]!["limit"]!));
        // v2 would kill the container for it, unless it is to look first
        if (ContainerCgroups.Unified)
        {
            const string little = """{"memory": {"limit": 1, "checkBeforeUpdate": true}}""";
            Assert.Contains("rejecting memory limit 1 <= usage ", Command.Run(Programs.NaruRunc, ["--root", held.Bundle.State, "update", "-r", "-", _id], stdin: little).Error);
        }
        else
        {
            Assert.Contains("unable to set memory limit to 1 ", held.Run("update", "--memory", "1", _id).Error);
        }

        Assert.Contains("invalid size: 'bogus'", held.Run("update", "--memory", "bogus", _id).Error);
    }

    [ChainFact]
    public void A_paused_container_says_so_and_takes_no_exec()
    {
        using var held = new HeldContainer(_id);
        held.Must("pause", _id);
        Assert.Equal("paused", held.Status());
        Assert.Contains("cannot exec in a paused container (use --ignore-paused to override)", held.Run("exec", _id, "true").Error);
        Assert.Contains("container not running", held.Run("pause", _id).Error);
        held.Must("resume", _id);
        Assert.Equal("running", held.Status());
        Assert.Contains("container not paused", held.Run("resume", _id).Error);
    }

    [ChainFact("ps")]
    public void Processes_are_listed_as_a_table_and_as_numbers()
    {
        using var held = new HeldContainer(_id);
        var pid = Assert.Single(JsonNode.Parse(held.Must("ps", "--format", "json", _id))!.AsArray())!.ToString();
        var table = held.Must("ps", _id, "-o", "pid,args").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, table.Length);
        Assert.Equal([pid, "sleep", "600"], table[1].Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }

    [ChainFact]
    public void An_exec_takes_its_process_from_the_flags_or_a_file()
    {
        using var held = new HeldContainer(_id);
        Assert.Equal("uid=1 gid=2 groups=5,6\n", held.Must("exec", "-u", "1:2", "-g", "5", "-g", "6", _id, "id").Replace(" groups=2,", " groups="));
        Assert.Equal("/tmp b\n", held.Must("exec", "--cwd", "/tmp", "-e", "A=b", _id, "sh", "-c", "echo $PWD $A"));
        Assert.Equal("1\n", held.Must("exec", "-u", "01", _id, "id", "-u"));
        File.WriteAllText(held.Bundle.Folder["process.json"], """{"args": ["/bin/id", "-u"], "cwd": "/", "user": {"uid": 3, "gid": 4}}""");
        Assert.Equal("3\n", held.Must("exec", "-p", "process.json", _id));
        foreach (var (arguments, message) in new (string[], string)[]
        {
            ([_id], "exec args cannot be empty"),
            ([_id, "nosuch"], "exec: \\\"nosuch\\\": executable file not found in $PATH"),
            ([_id, "/etc"], "exec: \\\"/etc\\\": is a directory"),
            (["-u", "abc", _id, "true"], "bad uid: strconv.Atoi: parsing \\\"abc\\\": invalid syntax"),
            (["-u", "4294967296", _id, "true"], "uids and gids must be in range 0-2147483647"),
            (["-u", "2147483648", _id, "true"], "uids and gids must be in range 0-2147483647"),
            (["-u", "1:4294967297", _id, "true"], "uids and gids must be in range 0-2147483647"),
            (["-u", "+1", _id, "true"], "bad uid: strconv.Atoi: parsing \\\"+1\\\": invalid syntax"),
            (["-u=-1", _id, "true"], "bad uid: strconv.Atoi: parsing \\\"-1\\\": invalid syntax"),
            (["--cwd", "relative", _id, "true"], "Cwd must be an absolute path"),
            (["-e", "A", _id, "true"], "invalid environment variable: missing '='"),
        })
        {
            var result = held.Run(["exec", .. arguments]);
            Assert.Equal(255, result.Code);
            Assert.Contains(message, result.Error);
        }
    }

    [ChainFact]
    public void A_user_namespace_maps_ids_and_still_has_its_devices()
    {
        using var bundle = new Bundle("sh", "-c", "id -u; cat /proc/self/uid_map; touch /tmp/mine && echo x >/dev/null && ls -ln /tmp/mine | cut -d' ' -f1; head -c1 /dev/zero | wc -c");
        bundle.Change(spec =>
        {
            spec["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" });
            spec["linux"]!["uidMappings"] = JsonNode.Parse("""[{"containerID": 0, "hostID": 100000, "size": 65536}]""");
            spec["linux"]!["gidMappings"] = JsonNode.Parse("""[{"containerID": 0, "hostID": 100000, "size": 65536}]""");
        });
        Command.Must("chmod", "-R", "a+rwX", bundle.At);
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal((0, ""), (result.Code, result.Error));
        Assert.Equal(["0", "0 100000 65536", "-rw-r--r--", "1"], result.Out.TrimEnd().Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [ChainFact]
    public void Clock_personality_and_scheduling_are_the_containers_own()
    {
        using var bundle = new Bundle("sh", "-c", "cut -d. -f1 /proc/uptime; uname -m; grep -c 'Max open files *100 *200' /proc/self/limits; cat /proc/sys/net/ipv4/ip_forward; grep -o 'NoNewPrivs.*' /proc/self/status");
        bundle.Change(spec =>
        {
            spec["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "time" });
            spec["linux"]!["timeOffsets"] = JsonNode.Parse("""{"boottime": {"secs": 1000000000}}""");
            spec["linux"]!["personality"] = JsonNode.Parse("""{"domain": "LINUX32"}""");
            spec["linux"]!["sysctl"] = JsonNode.Parse("""{"net.ipv4.ip_forward": "1"}""");
            spec["process"]!["ioPriority"] = JsonNode.Parse("""{"class": "IOPRIO_CLASS_BE", "priority": 3}""");
            spec["process"]!["scheduler"] = JsonNode.Parse("""{"policy": "SCHED_BATCH", "nice": 5}""");
            spec["process"]!["rlimits"] = JsonNode.Parse("""[{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200}]""");
        });
        var lines = bundle.Runtime(Programs.NaruRunc, "run", _id).Out.TrimEnd().Split('\n');
        Assert.True(long.Parse(lines[0]) >= 1000000000);
        Assert.Equal(["i686", "1", "1", "NoNewPrivs:\t1"], lines[1..]);
    }

    [ChainFact]
    public void What_is_asked_for_in_vain_is_refused_by_name()
    {
        foreach (var (change, message) in new (Action<JsonNode>, string)[]
        {
            (spec => spec["process"]!["scheduler"] = JsonNode.Parse("""{"policy": "BOGUS"}"""), "invalid scheduler policy: BOGUS"),
            (spec => spec["process"]!["ioPriority"] = JsonNode.Parse("""{"class": "BOGUS"}"""), "invalid ioPriority.Class: \\\"BOGUS\\\""),
            (spec => spec["process"]!["selinuxLabel"] = "a:b:c", "selinux label is specified in config, but selinux is disabled or not supported"),
            (spec => spec["linux"]!["mountLabel"] = "a:b:c", "mount label is specified in config, but selinux is disabled or not supported"),
            (spec => spec["linux"]!["personality"] = JsonNode.Parse("""{"domain": "BOGUS"}"""), "invalid personality domain BOGUS"),
            (spec => spec["linux"]!["timeOffsets"] = JsonNode.Parse("""{"boottime": {"secs": 1}}"""), "time namespace offsets specified, but time namespace isn't enabled in the config"),
            (spec => spec["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "pid" }), "malformed spec file: duplicated ns"),
            (spec => spec["linux"]!["namespaces"]!.AsArray().Add(new JsonObject { ["type"] = "user" }), "user namespaces enabled, but no uid mappings found"),
            (spec => spec["linux"]!["rootfsPropagation"] = "bogus", "rootfsPropagation=bogus is not supported"),
            (spec => spec["linux"]!["seccomp"] = JsonNode.Parse("""{"defaultAction": "BOGUS"}"""), "string BOGUS is not a valid action for seccomp"),
            (spec => spec["linux"]!["devices"] = JsonNode.Parse("""[{"path": "/dev/x", "type": "x"}]"""), "invalid device type \\\"x\\\""),
            (spec => spec["process"]!["rlimits"] = JsonNode.Parse("""[{"type": "RLIMIT_BOGUS", "soft": 1, "hard": 1}]"""), "wrong rlimit value: RLIMIT_BOGUS"),
        })
        {
            using var bundle = new Bundle("true");
            bundle.Change(change);
            var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
            Assert.Equal(1, result.Code);
            Assert.Contains(message, result.Error);
            Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
        }
    }

    [ChainFact]
    public void Too_little_memory_is_said_and_leaves_nothing()
    {
        using var bundle = new Bundle("true");
        bundle.Change(spec => spec["linux"]!["resources"]!["memory"] = JsonNode.Parse("""{"limit": 4096}"""));
        var result = bundle.Runtime(Programs.NaruRunc, "run", _id);
        Assert.Equal(1, result.Code);
        Assert.Contains("memory limit", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(bundle.State));
    }

    [ChainFact("unshare")]
    public void A_unified_hierarchy_alone_is_enough()
    {
        using var bundle = new Bundle("sh", "-c", "grep ^0 /proc/self/cgroup; head -c1 /dev/zero | wc -c; mknod /tmp/full c 1 7 && mknod /tmp/mem c 1 1 && head -c1 /tmp/mem 2>&1 | grep -c 'not permitted'; mount | grep -c 'type cgroup2'; sleep 60");
        bundle.Change(spec =>
        {
            spec["linux"]!["cgroupsPath"] = $"/ncf/{_id}";
            spec["linux"]!["namespaces"] = new JsonArray([.. spec["linux"]!["namespaces"]!.AsArray().Where(entry => entry!["type"]!.GetValue<string>() != "cgroup").Select(entry => entry!.DeepClone())]);
            foreach (var set in new[] { "bounding", "effective", "permitted" })
            {
                spec["process"]!["capabilities"]![set]!.AsArray().Add("CAP_MKNOD");
            }
        });
        // A mount namespace where v2 is all there is; on a machine that has v1 too, controllers are v1's, but processes, freezer and device rules are not.
        var runtime = $"{Programs.NaruRunc} --root {bundle.State}";
        var result = Command.Run("unshare", ["-m", "sh", "-c", $"""
            mount --make-rprivate / && umount -l /sys/fs/cgroup; mount -t cgroup2 none /sys/fs/cgroup || exit 99
            cd {bundle.At}; {runtime} run -d {_id} </dev/null >out 2>&1; echo started $?
            i=0; while [ $(wc -l <out) -lt 4 ] && [ $i -lt 100 ]; do i=$((i+1)); sleep 0.1; done
            {runtime} pause {_id}; {runtime} state {_id} | grep status; {runtime} resume {_id}
            {runtime} exec {_id} grep ^0 /proc/self/cgroup
            {runtime} delete --force {_id}; echo deleted $?; ls -d /sys/fs/cgroup/ncf/*/ 2>/dev/null; rmdir /sys/fs/cgroup/ncf
            """], folder: bundle.At);
        Assert.Equal(["started 0", "  \"status\": \"paused\",", $"0::/ncf/{_id}", "deleted 0"], result.Out.TrimEnd().Split('\n'));
        Assert.Equal([$"0::/ncf/{_id}", "1", "1", "1"], File.ReadAllLines(bundle.Folder["out"]));
    }

    [ChainFact("runc")]
    public void Errors_are_those_of_runc()
    {
        using var bundle = new Bundle("true");
        foreach (var words in new string[][]
        {
            ["state", "nope"], ["start", "nope"], ["kill", "nope", "KILL"], ["delete", "nope"], ["pause", "nope"], ["resume", "nope"],
            ["ps", "--format", "json", "nope"], ["run", "a/b"], ["delete", "--force", "nope"], ["exec", "nope", "true"],
        })
        {
            var theirs = bundle.Runtime(Programs.Original("runc"), words);
            var ours = bundle.Runtime(Programs.NaruRunc, words);
            Assert.Equal((theirs.Code, Message(theirs.Error)), (ours.Code, Message(ours.Error)));
        }
    }

    private static string Message(string line) => line.Contains("msg=", StringComparison.Ordinal) ? line[line.IndexOf("msg=", StringComparison.Ordinal)..] : line;

    private static void AddHook(JsonNode spec, string kind, string script)
    {
        var hooks = spec["hooks"] ??= new JsonObject();
        (hooks[kind] ??= new JsonArray()).AsArray().Add(new JsonObject { ["path"] = "/bin/sh", ["args"] = new JsonArray("sh", "-c", script) });
    }
}
