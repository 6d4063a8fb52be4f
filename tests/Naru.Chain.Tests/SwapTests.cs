using System.Diagnostics;

namespace Naru.Chain.Tests;

/// <summary>An original in the place of each of ours, one at a time: the same container runs.</summary>
public sealed class SwapTests : IDisposable
{
    private const string ImageName = "docker.io/library/busybox:naru";

    private readonly TempFolder _folder = new();
    private readonly List<Process> _started = [];

    private string Address => _folder["c.sock"];

    public void Dispose()
    {
        foreach (var process in _started)
        {
            // a stop that a daemon can act on; what it leaves is swept with the folder
            Command.Run("/bin/kill", [process.Id.ToString()]);
            process.WaitForExit(10_000);
        }
        _folder.Dispose();
    }

    [ChainFact("containerd", "ctr", "runc", "script")]
    public void Containerd_runs_naru_shim()
    {
        RealContainerd();
        ImportImage();
        RunsTheContainer("io.containerd.naru.v2");
        LivesItsLife("io.containerd.naru.v2");
    }

    [ChainFact("containerd", "ctr", "runc")]
    public void Containerd_cleans_up_after_naru_shim_was_killed()
    {
        RealContainerd();
        ImportImage();
        Assert.Equal(0, Ctr("run", "-d", "--runtime", "io.containerd.naru.v2", ImageName, "nct-orphan", "sleep", "600").Code);
        var pid = Ctr("tasks", "ls").Out.Split('\n')[1].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        var shim = _folder.Processes().Single(line => line.Contains("-id nct-orphan", StringComparison.Ordinal)).Split(' ')[0];
        Command.Must("/bin/kill", "-9", shim);
        Command.Until(() => !Directory.Exists($"/proc/{pid}"), "the container to end");
        Command.Until(() => !Ctr("tasks", "ls").Out.Contains("nct-orphan", StringComparison.Ordinal), "the task to go");
        Assert.DoesNotContain(_folder.Mounts(), at => at.Contains("nct-orphan", StringComparison.Ordinal));
        Assert.Equal(0, Ctr("containers", "rm", "nct-orphan").Code);
    }

    [ChainFact("containerd", "ctr", "runc")]
    public void Naru_shim_runs_runc()
    {
        RealContainerd();
        ImportImage();
        RunsTheContainer("io.containerd.runc.v2", "--runc-binary", Programs.Original("runc"));
    }

    [ChainFact("containerd", "ctr", "crun")]
    public void Naru_shim_runs_crun()
    {
        RealContainerd(hideUnified: true);
        ImportImage();
        RunsTheContainer("io.containerd.runc.v2", "--runc-binary", Programs.Original("crun"));
    }

    [ChainFact("ctr")]
    public void Ctr_drives_naru_containerd()
    {
        Daemon(Programs.NaruContainerd, $"--root {_folder["root"]} --state {_folder["state"]} --address {Address}");
        ImportImage();
        Assert.Contains(ImageName, Ctr("images", "ls", "-q").Out);
        RunsTheContainer("io.containerd.naru.v2");
        Assert.Equal(0, Ctr("run", "-d", "--runtime", "io.containerd.naru.v2", ImageName, "nct-task", "sleep", "60").Code);
        Assert.Contains("RUNNING", Ctr("tasks", "ls").Out);
        Assert.Equal(new(3, "exec\n", ""), Ctr("tasks", "exec", "--exec-id", "e1", "nct-task", "sh", "-c", "echo exec; exit 3"));
        Assert.Equal(0, Ctr("tasks", "kill", "-s", "KILL", "nct-task").Code);
        Command.Until(() => Ctr("tasks", "ls").Out.Contains("STOPPED"), "the task to stop");
        Assert.NotEqual(1, Ctr("tasks", "rm", "nct-task").Code); // ctr passes the task's own exit code on
        Assert.Equal(0, Ctr("containers", "rm", "nct-task").Code);
    }

    [ChainFact("dockerd", "docker", "containerd", "runc", "iptables")]
    public void Dockerd_runs_naru_runc()
    {
        var host = $"unix://{_folder["d.sock"]}";
        Daemon("unshare", $"-n {Programs.Original("dockerd")} -H {host} --data-root {_folder["docker"]} --exec-root {_folder["dexec"]} -p {_folder["d.pid"]} "
            + $"--add-runtime naru={Programs.NaruRunc} --bridge none --iptables=false --ip6tables=false --storage-driver vfs", "d.sock");
        Result Docker(params string[] arguments) => Command.Run(Programs.Original("docker"), ["-H", host, .. arguments]);
        Command.Until(() => Docker("version").Code == 0, "dockerd to answer", 30);
        var loaded = Docker("load", "-i", Image());
        Assert.True(loaded.Code == 0, loaded.ToString());
        Assert.Equal(new(7, "out\n", "err\n"), Docker("run", "--rm", "--runtime", "naru", "--network", "none", "busybox:naru", "sh", "-c", "echo out; echo err >&2; exit 7"));
        Assert.Equal(0, Docker("run", "-d", "--name", "up", "--runtime", "naru", "--network", "none", "--memory", "32m", "busybox:naru", "sleep", "60").Code);
        Assert.Equal(new(0, "inside\n", ""), Docker("exec", "up", "echo", "inside"));
        Assert.Equal(0, Docker("rm", "-f", "up").Code);
    }

    [ChainFact("dockerd", "docker", "runc", "iptables", "ctr")]
    public void Dockerd_stands_over_naru_containerd()
    {
        Daemon(Programs.NaruContainerd, $"--root {_folder["root"]} --state {_folder["state"]} --address {Address}");
        var host = $"unix://{_folder["d.sock"]}";
        Daemon("unshare", $"-n {Programs.Original("dockerd")} -H {host} --containerd {Address} --data-root {_folder["docker"]} --exec-root {_folder["dexec"]} -p {_folder["d.pid"]} "
            + "--bridge none --iptables=false --ip6tables=false --storage-driver vfs", "d.sock");
        Result Docker(params string[] arguments) => Command.Run(Programs.Original("docker"), ["-H", host, .. arguments]);
        Command.Until(() => Docker("version").Code == 0, "dockerd to answer", 30);
        Assert.Equal(0, Docker("load", "-i", Image()).Code);
        Assert.Equal(new(7, "out\n", "err\n"), Docker("run", "--rm", "--network", "none", "busybox:naru", "sh", "-c", "echo out; echo err >&2; exit 7"));
        Assert.Equal(0, Docker("run", "-d", "--name", "up", "--network", "none", "busybox:naru", "sleep", "60").Code);
        Assert.Equal(new(0, "inside\n", ""), Docker("exec", "up", "echo", "inside"));
        Assert.Equal(0, Docker("pause", "up").Code);
        Assert.Equal(0, Docker("unpause", "up").Code);
        Assert.Equal(0, Docker("stop", "-t", "1", "up").Code);
        Assert.Equal(0, Docker("rm", "up").Code);
    }

    [ChainFact("containerd", "ctr", "runc")]
    public void Narud_stands_over_containerd()
    {
        RealContainerd();
        using var engine = new Engine("--containerd", Address);
        Assert.Equal(new(6, "over\n", ""), engine.Naru("run", "--rm", Engine.Image, "sh", "-c", "echo over; exit 6"));
    }

    private void RunsTheContainer(string runtime, params string[] flags)
    {
        var result = Ctr(["run", "--rm", "--runtime", runtime, .. flags, ImageName, "nct-run", "sh", "-c", "echo out; echo err >&2; exit 7"]);
        Assert.Equal(new(7, "out\n", "err\n"), result);
    }

    /// <summary>Each thing that ctr asks of a shim.</summary>
    private void LivesItsLife(string runtime)
    {
        // its input is a pipe that ends at once
        Assert.Equal(new(0, "typed\n", ""), Command.Run(Programs.Original("ctr"), ["--address", Address, "run", "--rm", "--runtime", runtime, ImageName, "nct-in", "cat"], "typed\n"));
        Assert.Equal(0, Ctr("run", "-d", "--runtime", runtime, ImageName, "nct-up", "sleep", "600").Code);
        Assert.Matches("nct-up +[0-9]+ +RUNNING", Ctr("tasks", "ls").Out);
        Assert.Equal(new(3, "exec\n", ""), Ctr("tasks", "exec", "--exec-id", "e1", "nct-up", "sh", "-c", "echo exec; exit 3"));
        var terminal = Command.Run(Programs.Original("script"), ["-qec", $"{Programs.Original("ctr")} --address {Address} tasks exec -t --exec-id e2 nct-up sh -c 'tty; exit 4'", "/dev/null"]);
        Assert.Contains("/dev/pts/0", terminal.Out);
        Assert.Equal(4, terminal.Code);
        Assert.Contains("memory", Ctr("tasks", "metrics", "nct-up").Out);
        Assert.Equal(0, Ctr("tasks", "pause", "nct-up").Code);
        Assert.Matches("nct-up +[0-9]+ +PAUSED", Ctr("tasks", "ls").Out);
        Assert.Equal(0, Ctr("tasks", "resume", "nct-up").Code);
        Assert.Equal(0, Ctr("tasks", "kill", "-s", "KILL", "nct-up").Code);
        Command.Until(() => Ctr("tasks", "ls").Out.Contains("STOPPED", StringComparison.Ordinal), "the task to stop");
        Assert.Contains("137", Ctr("tasks", "rm", "nct-up").Error);
        Assert.Equal(0, Ctr("containers", "rm", "nct-up").Code);
        Assert.DoesNotContain(_folder.Processes(), line => line.Contains("naru-shim", StringComparison.Ordinal));
    }

    private void RealContainerd(bool hideUnified = false)
    {
        // a shim is looked for by name, on PATH
        Directory.CreateDirectory(_folder["bin"]);
        File.CreateSymbolicLink(_folder["bin/containerd-shim-naru-v2"], Programs.NaruShim);
        // under runc's name too: ctr sends the options that name a runtime's binary to that one only
        File.CreateSymbolicLink(_folder["bin/containerd-shim-runc-v2"], Programs.NaruShim);
        File.WriteAllText(_folder["c.toml"], $"""
            version = 2
            root = "{_folder["root"]}"
            state = "{_folder["state"]}"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
              address = "{Address}"

            """);
        // crun refuses a machine that mounts both hierarchies: it gets a mount namespace where the empty one is hidden
        var hide = hideUnified && Directory.Exists("/sys/fs/cgroup/unified")
            ? "unshare -m sh -c 'mount -t tmpfs none /sys/fs/cgroup/unified; exec env \"$@\"' sh"
            : "env";
        Daemon(hide, $"PATH={_folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin {Programs.Original("containerd")} --config {_folder["c.toml"]}");
    }

    private void Daemon(string program, string arguments, string socket = "c.sock")
    {
        _started.Add(Process.Start("sh", ["-c", $"exec {program} {arguments} >>{_folder["daemon.log"]} 2>&1 </dev/null"]));
        Command.Until(() => File.Exists(_folder[socket]), $"{program}'s socket", 30);
        if (socket == "c.sock")
        {
            Command.Until(() => Ctr("version").Code == 0, $"{program} to answer");
        }
    }

    private string Image()
    {
        Command.Must(Path.Combine(Programs.Root, "eng/image"), "busybox:naru", _folder["image.tar"]);
        return _folder["image.tar"];
    }

    private void ImportImage()
    {
        var result = Ctr("images", "import", Image());
        Assert.True(result.Code == 0, $"ctr images import: {result}");
    }

    private Result Ctr(params string[] arguments) => Command.Run(Programs.Original("ctr"), ["--address", Address, .. arguments]);
}
