namespace Naru.Chain.Tests;

/// <summary>What happens to a container between its start and its removal.</summary>
public sealed class LifecycleTests(Engine engine) : IClassFixture<Engine>
{
    private const string Image = Engine.Image;
    private const string Deaf = "trap '' TERM; while :; do sleep 0.1; done";

    [ChainFact]
    public void A_paused_container_is_stopped_killed_and_removed_like_any_other()
    {
        engine.Must("run", "-d", "--name", "frozen", Image, "sleep", "60");
        engine.Must("pause", "frozen");
        Assert.Equal("paused true true", State("frozen", "{{.State.Status}} {{.State.Running}} {{.State.Paused}}"));
        Assert.Contains("is paused, unpause the container before exec", engine.Naru("exec", "frozen", "true").Error);
        Assert.Contains("container is paused and must be unpaused first", engine.Naru("rm", "frozen").Error);
        engine.Must("stop", "-t", "0", "frozen");
        Assert.Equal("exited 137", State("frozen"));
        engine.Must("start", "frozen");
        engine.Must("pause", "frozen");
        engine.Must("rm", "-f", "frozen");
    }

    [ChainFact]
    public void Who_does_not_hear_the_stop_signal_is_killed()
    {
        engine.Must("run", "-d", "--name", "deaf", "--stop-timeout", "1", Image, "sh", "-c", Deaf);
        engine.Must("stop", "deaf");
        Assert.Equal("exited 137", State("deaf"));
        engine.Must("rm", "deaf");
        engine.Must("run", "-d", "--name", "hears", "--stop-signal", "USR1", Image, "sh", "-c", "trap 'exit 5' USR1; echo ready; while :; do sleep 0.1; done");
        Command.Until(() => engine.Must("logs", "hears") == "ready", "the trap");
        engine.Must("stop", "hears");
        Assert.Equal("exited 5", State("hears"));
        engine.Must("rm", "hears");
    }

    [ChainFact]
    public void Restart_keeps_a_container_that_goes_at_its_end()
    {
        var id = engine.Must("run", "-d", "--rm", "--name", "again", Image, "sh", "-c", Deaf);
        var pid = State("again", "{{.State.Pid}}");
        engine.Must("restart", "-t", "0", "again");
        Assert.Equal(id, State("again", "{{.Id}}"));
        Assert.NotEqual(pid, State("again", "{{.State.Pid}}"));
        engine.Must("stop", "-t", "0", "again");
        Command.Until(() => engine.Naru("inspect", "again").Code != 0, "--rm to remove it");
    }

    [ChainFact]
    public void A_start_that_fails_leaves_a_created_container_and_no_output()
    {
        engine.Must("create", "--name", "broken", Image, "no-such-program");
        Assert.Contains("failed to create task for container: failed to create shim task: OCI runtime create failed", engine.Naru("start", "broken").Error);
        Assert.Equal("created 127", State("broken"));
        Assert.Equal("", engine.Must("logs", "broken"));
        engine.Must("rm", "broken");
    }

    [ChainFact]
    public void A_policy_restarts_as_often_as_it_says()
    {
        engine.Must("run", "-d", "--name", "fails", "--restart", "on-failure:2", Image, "sh", "-c", "echo run; exit 3");
        Command.Until(() => State("fails", "{{.State.Status}} {{.State.ExitCode}} {{.RestartCount}}") == "exited 3 2", "two restarts");
        Assert.Equal("run\nrun\nrun", engine.Must("logs", "fails"));
        engine.Must("rm", "fails");
        engine.Must("run", "-d", "--name", "always", "--restart", "always", Image, "true");
        Command.Until(() => int.Parse(State("always", "{{.RestartCount}}")) > 2, "restarts");
        engine.Must("stop", "always");
        Assert.Equal("exited", State("always", "{{.State.Status}}"));
        engine.Must("rm", "always");
    }

    [ChainFact]
    public void Who_takes_too_much_memory_is_killed_and_it_shows()
    {
        Assert.Equal(137, engine.Naru("run", "--name", "hog", "--memory", "8m", Image, "sh", "-c", "x=x; while :; do x=$x$x; done").Code);
        Assert.Equal("true", State("hog", "{{.State.OOMKilled}}"));
        engine.Must("rm", "hog");
        Assert.Equal(0, engine.Naru("run", "--name", "modest", "--memory", "8m", Image, "true").Code);
        Assert.Equal("false", State("modest", "{{.State.OOMKilled}}"));
        engine.Must("rm", "modest");
    }

    [ChainFact]
    public void Health_goes_from_starting_over_healthy_to_unhealthy_and_back()
    {
        engine.Must("run", "-d", "--name", "waits", "--health-cmd", "true", "--health-interval", "1m", Image, "sleep", "60");
        Assert.Equal("starting", State("waits", "{{.State.Health.Status}}"));
        Assert.Contains("(health: starting)", engine.Must("ps", "--filter", "name=waits"));
        engine.Must("rm", "-f", "waits");
        engine.Must("run", "-d", "--name", "patient", "--health-cmd", "test -f /tmp/well || { echo not well; exit 1; }", "--health-interval", "200ms", "--health-retries", "2", Image, "sleep", "60");
        Command.Until(() => State("patient", "{{.State.Health.Status}}") == "unhealthy", "unhealthy");
        Assert.Equal("1 \"not well\\n\"", State("patient", "{{(index .State.Health.Log 0).ExitCode}} {{json (index .State.Health.Log 0).Output}}"));
        engine.Must("exec", "patient", "touch", "/tmp/well");
        Command.Until(() => State("patient", "{{.State.Health.Status}}") == "healthy", "healthy");
        Assert.Equal("patient", engine.Must("ps", "--filter", "health=healthy", "--format", "{{.Names}}"));
        engine.Must("rm", "-f", "patient");
    }

    [ChainFact]
    public void A_health_check_that_does_not_answer_is_ended()
    {
        engine.Must("run", "-d", "--name", "slow", "--health-cmd", "sleep 30", "--health-interval", "200ms", "--health-timeout", "300ms", "--health-retries", "1", Image, "sleep", "60");
        Command.Until(() => State("slow", "{{.State.Health.Status}}") == "unhealthy", "unhealthy");
        Assert.Equal("-1 Health check exceeded timeout (300ms)", State("slow", "{{(index .State.Health.Log 0).ExitCode}} {{(index .State.Health.Log 0).Output}}"));
        engine.Must("rm", "-f", "slow");
    }

    [ChainFact]
    public void An_update_holds_at_once_and_at_the_next_start()
    {
        const string limit = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max";
        engine.Must("run", "-d", "--name", "grows", "--memory", "32m", Image, "sleep", "60");
        engine.Must("update", "--memory", "64m", "--memory-swap", "128m", "grows");
        Assert.Equal("67108864", engine.Must("exec", "grows", "sh", "-c", limit));
        engine.Must("restart", "-t", "0", "grows");
        Assert.Equal("67108864", engine.Must("exec", "grows", "sh", "-c", limit));
        Assert.Contains("Memory limit should be smaller than already set memoryswap limit", engine.Naru("update", "--memory", "512m", "grows").Error);
        engine.Must("rm", "-f", "grows");
    }

    [ChainFact]
    public void Logs_rotate_and_a_local_log_is_read_like_any_other()
    {
        engine.Must("run", "--name", "talks", "--log-opt", "max-size=10k", "--log-opt", "max-file=3", Image, "sh", "-c", "i=0; while [ $i -lt 1000 ]; do i=$((i+1)); echo line $i; done");
        var lines = engine.Must("logs", "talks").Split('\n');
        Assert.Equal(Enumerable.Range(1001 - lines.Length, lines.Length).Select(i => $"line {i}"), lines);
        Assert.InRange(lines.Length, 100, 999);
        engine.Must("rm", "talks");
        engine.Must("run", "--name", "local", "--log-driver", "local", Image, "echo", "kept");
        Assert.Equal("kept", engine.Must("logs", "local"));
        Assert.Equal("", State("local", "{{.LogPath}}"));
        engine.Must("rm", "local");
    }

    private string State(string name, string format = "{{.State.Status}} {{.State.ExitCode}}") => engine.Must("inspect", "-f", format, name);
}
