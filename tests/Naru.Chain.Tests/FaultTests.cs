namespace Naru.Chain.Tests;

/// <summary>One program dies without a warning while a container runs.</summary>
public sealed class FaultTests : IDisposable
{
    private readonly Engine _engine = new();

    public void Dispose() => _engine.Dispose();

    [ChainFact]
    public void Killing_narud_stops_no_container_and_loses_no_line()
    {
        _engine.Must("run", "-d", "--name", "counter", Engine.Image, "sh", "-c", "i=0; while [ $i -lt 20000 ]; do i=$((i+1)); echo $i; [ $((i % 50)) = 0 ] && sleep 0.005; done; sleep 60");
        var pid = _engine.Must("inspect", "-f", "{{.State.Pid}}", "counter");
        _engine.Kill();
        Thread.Sleep(300);
        Assert.True(Directory.Exists($"/proc/{pid}"), "the container died with narud");
        _engine.Start();
        Assert.Equal(pid, _engine.Must("inspect", "-f", "{{.State.Pid}}", "counter"));
        Command.Until(() => _engine.Must("logs", "--tail", "1", "counter") == "20000", "the last line", 40);
        Assert.Equal(Enumerable.Range(1, 20000).Select(i => i.ToString()), _engine.Must("logs", "counter").Split('\n'));
    }

    [ChainFact]
    public void Killing_naru_containerd_leaves_containers_and_exec_works_again()
    {
        _engine.Must("run", "-d", "--name", "steady", Engine.Image, "sleep", "600");
        var pid = _engine.Must("inspect", "-f", "{{.State.Pid}}", "steady");
        var old = _engine.Pid("naru-containerd");
        Command.Must("/bin/kill", "-9", old.ToString());
        Command.Until(() => _engine.Naru("exec", "steady", "true").Code == 0, "exec to work again", 10);
        Assert.NotEqual(old, _engine.Pid("naru-containerd"));
        Assert.Equal(pid, _engine.Must("inspect", "-f", "{{.State.Pid}}", "steady"));
        Assert.Equal("more", _engine.Must("run", "--rm", Engine.Image, "echo", "more"));
    }

    [ChainFact]
    public void Killing_the_shim_ends_the_container_with_137()
    {
        _engine.Must("run", "-d", "--name", "orphan", Engine.Image, "sleep", "600");
        var pid = _engine.Must("inspect", "-f", "{{.State.Pid}}", "orphan");
        var before = _engine.Leftovers()["cgroups"];
        Command.Must("/bin/kill", "-9", _engine.Pid("naru-shim").ToString());
        Command.Until(() => _engine.Must("inspect", "-f", "{{.State.Status}} {{.State.ExitCode}}", "orphan") == "exited 137", "the container to be exited with 137");
        Command.Until(() => !Directory.Exists($"/proc/{pid}"), "its process to end");
        Command.Until(() => _engine.Leftovers()["cgroups"] < before, "its cgroup to go");
        _engine.Must("start", "orphan");
        Assert.Equal("running", _engine.Must("inspect", "-f", "{{.State.Status}}", "orphan"));
        _engine.Must("rm", "-f", "orphan");
    }

    [ChainFact]
    public void A_frozen_shim_holds_up_no_other_container()
    {
        _engine.Must("run", "-d", "--name", "stuck", Engine.Image, "sleep", "600");
        var shim = _engine.Pid("naru-shim").ToString();
        Command.Must("/bin/kill", "-STOP", shim);
        try
        {
            Assert.Equal("well", _engine.Must("run", "--rm", Engine.Image, "echo", "well"));
            Assert.Equal("stuck", _engine.Must("ps", "--format", "{{.Names}}"));
            Assert.Equal("running", _engine.Must("inspect", "-f", "{{.State.Status}}", "stuck"));
            _engine.Kill();
            _engine.Start();
            Assert.Equal("well", _engine.Must("run", "--rm", Engine.Image, "echo", "well"));
        }
        finally
        {
            Command.Must("/bin/kill", "-CONT", shim);
        }

        _engine.Must("rm", "-f", "stuck");
    }

    [ChainFact]
    public void Who_attaches_and_does_not_read_stops_neither_log_nor_others()
    {
        using var deaf = Command.Start(Programs.Naru, ["run", "--name", "loud", Engine.Image, "sh", "-c", "i=0; while [ $i -lt 300 ]; do i=$((i+1)); head -c 100000 /dev/zero | tr '\\0' x; echo; done; echo last"], _engine.ClientEnvironment);
        try
        {
            Assert.Equal("well", _engine.Must("run", "--rm", Engine.Image, "echo", "well"));
            Command.Until(() => _engine.Naru("logs", "--tail", "1", "loud").Out == "last\n", "the log's last line", 40);
        }
        finally
        {
            deaf.Kill();
        }
    }

    [ChainFact]
    public void What_was_half_made_when_narud_died_is_gone_after_its_restart()
    {
        _engine.Must("run", "--rm", Engine.Image, "true");
        int Count() => Directory.GetDirectories(Path.Combine(_engine.Data, "containerd", "snapshots")).Length;
        var before = Count();
        var creates = Enumerable.Range(0, 20).Select(i => Command.Start(Programs.Naru, ["create", "--name", $"storm{i}", Engine.Image, "true"], _engine.ClientEnvironment)).ToList();
        Thread.Sleep(60);
        _engine.Kill();
        foreach (var create in creates)
        {
            create.WaitForExit();
            create.Dispose();
        }

        _engine.Start();
        foreach (var id in _engine.Must("ps", "-aq").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            _engine.Must("rm", id);
        var after = 0;
        Command.Holds(() => (after = Count()) <= before, 10);
        Assert.True(after <= before, $"{after} snapshots, {before} before; narud: {_engine.Log}");
    }
}
