using System.Globalization;
using System.Text.Json.Nodes;

namespace Naru.Runc.Tests;

/// <summary>What naru-runc gives to a caller who keeps it company: descriptors, logs, files, orphans.</summary>
public sealed class RuntimeCallerTests
{
    private readonly string _id = $"nct-{Guid.NewGuid():N}"[..16];

    // Takes one connection, prints what the descriptor that comes over it is of, and whether a signal by it ends the process.
    private const string Receiver = """
        import array, os, signal, socket, sys
        listener = socket.socket(socket.AF_UNIX); listener.bind(sys.argv[1]); listener.listen(1); print("ready", flush=True)
        peer, _ = listener.accept()
        _, control, _, _ = peer.recvmsg(64, socket.CMSG_SPACE(4))
        descriptor = array.array("i", control[0][2])[0]
        info = dict(line.split(":\t") for line in open(f"/proc/self/fdinfo/{descriptor}").read().splitlines() if ":\t" in line)
        print(info["Pid"].strip(), flush=True)
        """;

    [ChainFact("python3")]
    public void A_descriptor_of_the_process_goes_over_the_pidfd_socket()
    {
        using var bundle = new Bundle("sleep", "60");
        var script = $"""
            python3 -c '{Receiver}' {bundle.At}/s >got & until grep -q ready got; do sleep 0.05; done
            {Programs.NaruRunc} --root {bundle.State} run -d --pid-file pid --pidfd-socket {bundle.At}/s {_id} </dev/null >out 2>&1; wait; tail -n 1 got; cat pid; echo
            rm s got; python3 -c '{Receiver}' {bundle.At}/s >got & until grep -q ready got; do sleep 0.05; done
            {Programs.NaruRunc} --root {bundle.State} exec -d --pid-file pid --pidfd-socket {bundle.At}/s {_id} sleep 60 </dev/null >out 2>&1; wait; tail -n 1 got; cat pid
            """;
        try
        {
            var lines = Command.Run("bash", ["-c", script], folder: bundle.At).Out.Split('\n');
            Assert.Equal((4, lines[0], lines[2]), (lines.Length, lines[1], lines[3]));
            Assert.NotEqual(lines[0], lines[2]);
            Assert.True(int.Parse(lines[0], CultureInfo.InvariantCulture) > 1);
        }
        finally
        {
            bundle.Runtime(Programs.NaruRunc, "delete", "--force", _id);
        }
    }

    [ChainFact]
    public void Orphans_in_the_containers_host_pid_namespace_come_to_the_runtime_that_waits()
    {
        // The shell's child outlives it: who is its parent then?
        using var bundle = new Bundle("sh", "-c", "(sh -c 'sleep 0.3; cut -d \" \" -f 4 /proc/self/stat >/parent' & ) ; sleep 1");
        bundle.Change(spec => spec["linux"]!["namespaces"]!.AsArray().RemoveAt(0));
        foreach (var (flag, isOurs) in new[] { ("--keep=false", true), ("--no-subreaper", false) })
        {
            var result = Command.Run("sh", ["-c", $"{Programs.NaruRunc} --root {bundle.State} run {flag} {_id} & echo $!; wait"], folder: bundle.At);
            var parent = ParentOf(bundle);
            Assert.Equal((flag, isOurs), (flag, result.Out.Trim() == parent));
        }
    }

    [ChainFact]
    public void Debug_lines_say_what_is_done()
    {
        using var bundle = new Bundle("true");
        var result = bundle.Runtime(Programs.NaruRunc, "--debug", "--log-format", "json", "--log", "log", "run", _id);
        Assert.Equal(new(0, "", ""), result);
        var lines = File.ReadAllLines(bundle.Folder["log"]).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.All(lines, line => Assert.Equal(["level", "msg", "time"], line.AsObject().Select(pair => pair.Key)));
        Assert.Contains(lines, line => (string?)line["level"] == "debug" && ((string)line["msg"]!).Contains(_id, StringComparison.Ordinal));
        Assert.Contains("ended with status 0", (string)lines[^1]["msg"]!);
    }

    [ChainFact]
    public void The_time_of_a_log_line_has_the_zones_offset()
    {
        foreach (var (zone, offset) in new[] { ("UTC0", "Z"), ("XXX-05:30", "+05:30"), ("XXX+3", "-03:00") })
        {
            var result = Command.Run(Programs.NaruRunc, ["--log-format", "json", "state", _id], environment: new Dictionary<string, string?> { ["TZ"] = zone });
            Assert.EndsWith(offset, (string)JsonNode.Parse(result.Error)!["time"]!);
        }
    }

    [ChainFact]
    public void An_exec_runs_in_a_cgroup_below_the_containers()
    {
        using var held = new HeldContainer(_id, spec => spec["linux"]!["cgroupsPath"] = $"/{_id}");
        var folder = Directory.Exists("/sys/fs/cgroup/pids") ? $"/sys/fs/cgroup/pids/{_id}/below" : $"/sys/fs/cgroup/{_id}/below";
        Directory.CreateDirectory(folder);
        try
        {
            string[] cgroup = folder.Contains("/pids/") ? ["--cgroup", "pids:below"] : ["--cgroup", "below"];
            var lines = held.Must(["exec", .. cgroup, _id, "cat", "/proc/self/cgroup"]);
            Assert.Contains(folder.Contains("/pids/") ? $":pids:/{_id}/below\n" : "/below\n", lines);
            Assert.DoesNotContain("/below\n", held.Must("exec", _id, "cat", "/proc/self/cgroup"));
        }
        finally
        {
            Directory.Delete(folder);
        }
    }

    [ChainFact]
    public void A_pid_that_went_to_another_process_is_left_alone()
    {
        using var held = new HeldContainer(_id);
        // The kernel tells when a process started in hundredths of a second: this one is to be of a later one.
        Thread.Sleep(20);
        using var other = Command.Start("sleep", ["60"]);
        var file = Path.Combine(held.Bundle.State, _id, "state.json");
        var state = JsonNode.Parse(File.ReadAllText(file))!;
        var own = state["pid"]!.GetValue<int>();
        // As after the end of the container's process, and a number that has come round.
        state["pid"] = other.Id;
        File.WriteAllText(file, state.ToJsonString());
        var result = held.Run("kill", _id, "KILL");
        Assert.True(result.Error.Contains("container not running", StringComparison.Ordinal), $"{result}\n{state}\n{File.ReadAllText($"/proc/{other.Id}/stat")}");
        Assert.False(other.HasExited);
        state["pid"] = own;
        File.WriteAllText(file, state.ToJsonString());
        other.Kill();
    }

    private static string ParentOf(Bundle bundle) => File.ReadAllText(bundle.Folder["rootfs/parent"]).Trim();
}
