using System.Text;
using Naru.Api;
using Naru.Base;
using Naru.Base.Units;
using Naru.Engine.Containers;
using Naru.Engine.Execs;
using Naru.Engine.Streams;

namespace Naru.Engine.Health;

/// <summary>Runs a container's health check, again and again, from its start to its end. One task a container; a slow check holds nothing else up.</summary>
public sealed class HealthMonitor(ExecService execs, Action<Container, string> publish)
{
    private const int KeptProbes = 5, LongestOutput = 4096;

    /// <summary>Begins, if the container asks for it; ends by itself when the container does.</summary>
    public void Watch(Container container)
    {
        var config = container.Record.Config;
        if (HealthConfigs.Command(config) is not { } command)
        {
            container.Health = null;
            return;
        }

        container.Health = new HealthState { Status = "starting", Log = container.Health?.Log ?? [] };
        _ = Run(container, config.Healthcheck!, command);
    }

    private async Task Run(Container container, HealthConfig health, IReadOnlyList<string> command)
    {
        var life = container.Exits;
        var began = DateTime.UtcNow;
        var healthy = false;
        try
        {
            while (true)
            {
                var starting = !healthy && DateTime.UtcNow - began < HealthConfigs.StartPeriod(health);
                if (await ContainerLifecycle.Ended(container, starting ? HealthConfigs.StartInterval(health) : HealthConfigs.Interval(health), CancellationToken.None) || container.Exits != life)
                    break;
                if (container.State is ContainerState.Running { Paused: true })
                    continue;
                var probe = await Probe(container, command, HealthConfigs.Timeout(health));
                if (container.Exits != life || container.State is not ContainerState.Running)
                    break;
                healthy |= probe.ExitCode == 0;
                Note(container, health, probe, inStartPeriod: !healthy && DateTime.UtcNow - began < HealthConfigs.StartPeriod(health));
            }
        }
        catch (Exception e) when (e is NaruException or IOException)
        {
            Log.Error($"container {container.Id}: health check: {e.Message}");
        }
    }

    private void Note(Container container, HealthConfig health, HealthProbe probe, bool inStartPeriod)
    {
        var old = container.Health ?? new HealthState { Status = "starting" };
        var streak = probe.ExitCode == 0 || inStartPeriod ? 0 : old.FailingStreak + 1;
        var status = probe.ExitCode == 0 ? "healthy" : streak >= HealthConfigs.Retries(health) ? "unhealthy" : old.Status;
        container.Health = new HealthState { Status = status, FailingStreak = streak, Log = [.. (old.Log ?? []).TakeLast(KeptProbes - 1), probe] };
        if (status != old.Status)
            publish(container, "health_status: " + status);
    }

    private async Task<HealthProbe> Probe(Container container, IReadOnlyList<string> command, TimeSpan timeout)
    {
        var start = DateTimeOffset.UtcNow;
        HealthProbe End(int code, string output) => new() { Start = GoTime.Nano(start), End = GoTime.Nano(DateTimeOffset.UtcNow), ExitCode = code, Output = output };
        OutputSink? sink = null;
        Exec? exec = null;
        try
        {
            exec = execs.Get(execs.Create(container.Id, new ExecCreateRequest { Cmd = command, AttachStdout = true, AttachStderr = true }));
            await execs.Start(exec, false, streams => sink = streams.Attach(), CancellationToken.None);
            var output = Collect(sink!);
            if (await Task.WhenAny(Task.WhenAll(exec.Ended, output), Task.Delay(timeout)) is Task<string[]> || exec.Ended.IsCompleted)
                return End(exec.Ended.Result, await output);
            await execs.Kill(exec);
            return End(-1, $"Health check exceeded timeout ({GoDuration.Format(timeout.Ticks * 100)})" + ((await Task.WhenAny(output, Task.Delay(TimeSpan.FromSeconds(1))) == output ? await output : "") is { Length: > 0 } text ? ": " + text : ""));
        }
        catch (NaruException e)
        {
            return End(exec is { Ended.IsCompleted: true } ? exec.Ended.Result : -1, e.Message);
        }
    }

    private static async Task<string> Collect(OutputSink sink)
    {
        var bytes = new MemoryStream();
        await foreach (var (_, part) in sink.Reader.ReadAllAsync())
        {
            sink.Took(part.Length);
            bytes.Write(part, 0, (int)Math.Min(part.Length, LongestOutput - bytes.Length));
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
