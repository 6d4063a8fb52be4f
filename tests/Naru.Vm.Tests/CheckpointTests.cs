using System.Text.Json.Nodes;

namespace Naru.Vm.Tests;

/// <summary>checkpoint and restore, seen from inside the container. Here, as the CRIU of Debian 12 does not work on newer kernels.</summary>
public sealed class CheckpointTests
{
    private readonly string _id = $"ncc-{Guid.NewGuid():N}"[..16];

    [CriuFact]
    public void A_counter_goes_on_where_it_was()
    {
        using var counter = new CountingContainer(_id);
        counter.Must("checkpoint", "--image-path", counter.Images, _id);
        Assert.Empty(Directory.GetFileSystemEntries(counter.Bundle.State));
        Assert.Empty(CgroupsOf(_id));
        var stopped = counter.Count();
        Thread.Sleep(300);
        Assert.Equal(stopped, counter.Count());
        counter.Restore();
        counter.AwaitMoreThan(stopped + 2);
        // Each number once, in order: nothing was done twice, and nothing was left out.
        Assert.Equal(Enumerable.Range(1, counter.Count()), counter.Numbers().Take(counter.Count()));
        Assert.Equal("running", counter.Status());
        Assert.Equal("sh\n", counter.Must("exec", _id, "cat", "/proc/1/comm"));
        counter.Must("kill", _id, "KILL");
        Command.Until(() => counter.Status() == "stopped", "the end of the container");
        counter.Must("delete", _id);
        Assert.Empty(Directory.GetFileSystemEntries(counter.Bundle.State));
        Assert.Empty(CgroupsOf(_id));
    }

    [CriuFact]
    public void A_restored_container_can_be_saved_again()
    {
        using var counter = new CountingContainer(_id);
        for (var round = 0; round < 2; round++)
        {
            var images = counter.Bundle.Folder[$"images{round}"];
            counter.Must("checkpoint", "--image-path", images, _id);
            var stopped = counter.Count();
            counter.Restore("--image-path", images);
            counter.AwaitMoreThan(stopped + 1);
        }
    }

    [CriuFact]
    public void Left_running_a_container_goes_on_and_its_images_are_there()
    {
        using var counter = new CountingContainer(_id);
        counter.Must("checkpoint", "--leave-running", "--image-path", counter.Images, "--work-path", counter.Bundle.Folder["work"], _id);
        counter.AwaitMoreThan(counter.Count() + 1);
        Assert.Equal("running", counter.Status());
        Assert.Contains("pstree.img", Directory.GetFiles(counter.Images).Select(Path.GetFileName));
        Assert.Contains("Dumping finished successfully", File.ReadAllText(counter.Bundle.Folder["work/dump.log"]));
        var again = counter.Run("restore", "-d", "--image-path", counter.Images, _id);
        Assert.Equal(1, again.Code);
        Assert.Contains("container with given ID already exists", again.Error);
        Assert.Equal("running", counter.Status());
    }

    [CriuFact]
    public void A_paused_container_can_be_saved()
    {
        using var counter = new CountingContainer(_id);
        counter.Must("pause", _id);
        counter.Must("checkpoint", "--image-path", counter.Images, _id);
        var stopped = counter.Count();
        counter.Restore();
        counter.AwaitMoreThan(stopped + 1);
    }

    [CriuFact]
    public void A_restore_in_the_foreground_ends_as_the_container_does()
    {
        using var counter = new CountingContainer(_id, "while [ ! -e /out/end ]; do echo x >>/out/count; sleep 0.05; done; exit 7");
        counter.Must("checkpoint", "--image-path", counter.Images, _id);
        File.WriteAllText(counter.Bundle.Folder["out/end"], "");
        Assert.Equal(7, counter.Run("restore", "--image-path", counter.Images, "--pid-file", counter.Bundle.Folder["pid"], _id).Code);
        Assert.True(int.Parse(File.ReadAllText(counter.Bundle.Folder["pid"])) > 1);
        Assert.Empty(Directory.GetFileSystemEntries(counter.Bundle.State));
    }

    [CriuFact]
    public void Pipes_of_the_caller_are_those_of_the_restores_caller()
    {
        using var counter = new CountingContainer(_id, "while [ ! -e /out/end ]; do echo x >>/out/count; sleep 0.05; done; echo out; echo err >&2", pipes: true);
        counter.Must("checkpoint", "--image-path", counter.Images, _id);
        File.WriteAllText(counter.Bundle.Folder["out/end"], "");
        Assert.Equal(new(0, "out\n", "err\n"), counter.Run("restore", "--image-path", counter.Images, _id));
    }

    [CriuFact(terminal: true)]
    public void A_restored_terminal_is_the_restores_own()
    {
        using var counter = new CountingContainer(_id, "echo ready; while [ ! -e /out/end ]; do echo x >>/out/count; sleep 0.05; done; tty; stty size; exit 7", start: false);
        counter.Bundle.Change(spec => spec["process"]!["terminal"] = true);
        var runtime = $"{Programs.NaruRunc} --root {counter.Bundle.State}";
        var line = $"stty rows 33 cols 77; (until [ -s out/count ]; do sleep 0.1; done; {runtime} checkpoint --image-path img {_id}; echo saved $? >saved; touch out/end) & "
            + $"{runtime} run {_id}; wait; {runtime} restore --image-path img {_id}; echo status $?; touch over";
        File.WriteAllText(counter.Bundle.Folder["line"], line);
        var result = Command.Run("bash", ["-c", "until [ -e over ]; do sleep 0.1; done | script -qefc 'bash line' typescript"], folder: counter.Bundle.At);
        Assert.Equal("saved 0\n", File.ReadAllText(counter.Bundle.Folder["saved"]));
        Assert.Equal(["ready", "/dev/pts/0", "33 77", "status 7"], result.Out.Replace("\r", "").Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [CriuFact]
    public void Hooks_run_around_a_checkpoint_and_a_restore()
    {
        using var counter = new CountingContainer(_id, start: false);
        var log = counter.Bundle.Folder["hooks"];
        counter.Bundle.Change(spec =>
        {
            spec["hooks"] = new JsonObject();
            foreach (var kind in new[] { "prestart", "createRuntime", "poststop" })
            {
                spec["hooks"]![kind] = new JsonArray(new JsonObject
                {
                    ["path"] = "/bin/sh",
                    ["args"] = new JsonArray("sh", "-c", $"""echo {kind} $(grep -o '"status":"[a-z]*"') >>{log}"""),
                });
            }
        });
        counter.Start();
        File.Delete(log);
        counter.Must("checkpoint", "--image-path", counter.Images, _id);
        Assert.Equal(["poststop \"status\":\"stopped\""], File.ReadAllLines(log));
        counter.Restore();
        Assert.Equal(["prestart \"status\":\"creating\"", "createRuntime \"status\":\"creating\""], File.ReadAllLines(log).Skip(1));
    }

    [CriuFact]
    public void A_restored_container_is_held_by_the_bundles_limits_masks_and_namespaces()
    {
        using var counter = new CountingContainer(_id, start: false);
        counter.Bundle.Change(spec =>
        {
            spec["linux"]!["resources"] = JsonNode.Parse("""{"pids": {"limit": 77}}""");
            spec["hostname"] = "saved";
        });
        counter.Start();
        const string look = "hostname; [ -c /proc/keys ] && echo masked; touch /proc/sys/kernel/domainname 2>&1 | grep -o Read-only; ip addr show lo | grep -o 127.0.0.1/8; cut -d' ' -f3,4,5,6 /proc/self/mountinfo | sort";
        var before = counter.Must("exec", _id, "sh", "-c", look).Split('\n');
        Assert.Equal(["saved", "masked", "Read-only", "127.0.0.1/8"], before[..4]);
        counter.Must("checkpoint", "--image-path", counter.Images, _id);
        counter.Restore();
        var after = counter.Must("exec", _id, "sh", "-c", look).Split('\n');
        Assert.Equal(before[..4], after[..4]);
        Assert.Equal(before.Length, after.Length);
        Assert.Equal(77, (int)JsonNode.Parse(counter.Must("events", "--stats", _id))!["data"]!["pids"]!["limit"]!);
        Assert.NotEqual(File.ReadAllText("/proc/sys/kernel/hostname").Trim(), after[0]);
    }

    [CriuFact]
    public void A_network_namespace_that_is_joined_is_joined_again()
    {
        Command.Must("ip", "netns", "add", _id);
        try
        {
            using var counter = new CountingContainer(_id, start: false);
            counter.Bundle.Change(spec => spec.Namespace("network", $"/run/netns/{_id}"));
            counter.Start();
            counter.Must("checkpoint", "--image-path", counter.Images, _id);
            counter.Restore();
            var own = Command.Must("ip", "netns", "exec", _id, "readlink", "/proc/self/ns/net");
            Assert.Equal(own + "\n", counter.Must("exec", _id, "readlink", "/proc/self/ns/net"));
        }
        finally
        {
            Command.Must("ip", "netns", "delete", _id);
        }
    }

    [CriuFact]
    public void A_restore_that_fails_leaves_nothing_and_quotes_the_log()
    {
        using var counter = new CountingContainer(_id);
        counter.Must("checkpoint", "--image-path", counter.Images, _id);
        File.Delete(Path.Combine(counter.Images, "inventory.img"));
        var mounts = File.ReadAllLines("/proc/self/mountinfo").Length;
        var result = counter.Run("restore", "-d", "--image-path", counter.Images, _id);
        Assert.Equal(1, result.Code);
        Assert.Contains($"--- Quoting \\\"{counter.Images}/restore.log\\\"", result.Error);
        Assert.Contains("criu failed: type RESTORE errno ", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(counter.Bundle.State));
        Assert.Empty(CgroupsOf(_id));
        Assert.Equal(mounts, File.ReadAllLines("/proc/self/mountinfo").Length);
    }

    [CriuFact]
    public void A_hook_that_fails_undoes_the_restore()
    {
        using var counter = new CountingContainer(_id);
        counter.Must("checkpoint", "--image-path", counter.Images, _id);
        counter.Bundle.Change(spec => spec["hooks"] = JsonNode.Parse("""{"createRuntime": [{"path": "/bin/false"}]}"""));
        var result = counter.Run("restore", "-d", "--image-path", counter.Images, _id);
        Assert.Contains("error running createRuntime hook #0: exit status 1", result.Error);
        Assert.Empty(Directory.GetFileSystemEntries(counter.Bundle.State));
        Assert.Empty(CgroupsOf(_id));
        var stopped = counter.Count();
        Thread.Sleep(200);
        Assert.Equal(stopped, counter.Count());
    }

    [CriuFact]
    public void What_cannot_be_restored_from_is_said()
    {
        using var counter = new CountingContainer(_id);
        counter.Must("checkpoint", "--image-path", counter.Images, _id);
        var missing = counter.Bundle.Folder["missing"];
        Assert.Contains($"open {missing}/descriptors.json: no such file or directory", counter.Run("restore", "--image-path", missing, _id).Error);
        Assert.False(Directory.Exists(missing));
        Assert.Contains("cannot restore with --no-pivot", counter.Run("restore", "--no-pivot", "--image-path", counter.Images, _id).Error);
        Assert.Contains("container does not exist", counter.Run("checkpoint", "--image-path", counter.Images, _id).Error);
        Assert.Empty(Directory.GetFileSystemEntries(counter.Bundle.State));
    }

    [CriuFact]
    public void A_container_that_is_not_started_cannot_be_saved()
    {
        using var bundle = new Bundle("sleep", "60");
        Assert.Equal(0, Command.Run("sh", ["-c", $"exec {Programs.NaruRunc} --root {bundle.State} create {_id} </dev/null >/dev/null 2>&1"], folder: bundle.At).Code);
        Assert.Contains("Container cannot be checkpointed in created state", bundle.Runtime(Programs.NaruRunc, "checkpoint", _id).Error);
        bundle.Runtime(Programs.NaruRunc, "delete", "--force", _id);
    }

    [CriuFact("mem_dirty_track")]
    public void What_a_pre_dump_has_the_dump_need_not_write()
    {
        using var counter = new CountingContainer(_id);
        counter.Must("checkpoint", "--pre-dump", "--image-path", counter.Bundle.Folder["images/first"], _id);
        Assert.Equal("running", counter.Status());
        counter.Must("checkpoint", "--image-path", counter.Bundle.Folder["images/second"], "--parent-path", "../first", _id);
        var stopped = counter.Count();
        counter.Restore("--image-path", counter.Bundle.Folder["images/second"]);
        counter.AwaitMoreThan(stopped + 1);
    }

    private static string[] CgroupsOf(string id) => Directory.GetDirectories("/sys/fs/cgroup", id, new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true });
}
