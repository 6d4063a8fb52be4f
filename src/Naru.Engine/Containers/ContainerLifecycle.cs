using System.Globalization;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Events;
using Naru.Engine.Security;
using Naru.Engine.Streams;
using Naru.Linux;
using Tasks = Naru.Rpc.Tasks;

namespace Naru.Engine.Containers;

/// <summary>Starts containers, follows them to their end and starts them again by their policy.</summary>
public sealed class ContainerLifecycle(ContainerdClient containerd, ContainerTasks tasks, EventBus events)
{
    private static readonly bool UnifiedCgroups = File.Exists("/sys/fs/cgroup/cgroup.controllers");
    private static readonly TimeSpan KillTime = TimeSpan.FromSeconds(30);

    public static bool Unified => UnifiedCgroups;

    /// <summary>Removes a container whose end asks for it, while its task is still being deleted; set by the engine, which owns removal.</summary>
    public Func<Container, Task, Task> AutoRemove { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>A container runs: its health check begins; set by the engine.</summary>
    public Action<Container> Started { get; set; } = _ => { };

    /// <exception cref="NaruException">NotModified: it runs. InvalidArgument: the runtime refused.</exception>
    public async Task Start(Container container, CancellationToken cancel)
    {
        await container.Operation.WaitAsync(cancel);
        try
        {
            if (container.Removed)
                throw NaruException.NotFound($"No such container: {container.Id}");
            if (container.State is ContainerState.Running { Paused: true })
                throw NaruException.Conflict("cannot start a paused container, try unpause instead");
            if (container.State is ContainerState.Running)
                throw new NaruException(ErrorKind.NotModified, "");
            if (container.State is ContainerState.Dead)
                throw NaruException.Conflict("container is marked for removal and cannot be started");
            container.Backoff = TimeSpan.Zero;
            // Started is started: the client's going away does not leave it half done.
            await StartLocked(container, record => record with { ManuallyStopped = false, RestartCount = 0 });
        }
        finally
        {
            container.Operation.Release();
        }
    }

    /// <summary>Stops it if it runs, then starts it; with --rm it is not removed in between.</summary>
    public async Task Restart(Container container, int? seconds, string? signal, CancellationToken cancel)
    {
        container.KeptAtEnd = true;
        try
        {
            await Stop(container, seconds, signal, cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotModified)
        {
        }
        finally
        {
            container.KeptAtEnd = false;
        }

        await Start(container, cancel);
        Publish(container, "restart");
    }

    /// <summary>Signals a container. SIGKILL and its stop signal say that somebody wants its end: no restart then.</summary>
    public async Task Kill(Container container, int signal, CancellationToken cancel)
    {
        if (container.State is not ContainerState.Running running)
            throw NaruException.Conflict($"container {container.Id} is not running");
        var stop = container.Record.Config.StopSignal;
        if (signal == SignalNames.Kill || string.IsNullOrEmpty(stop) || SignalNames.Parse(stop) == signal)
        {
            container.StopAsked = true;
            container.Change(record => record with { ManuallyStopped = true });
        }

        await containerd.Kill(container.Id, "", signal, false, cancel);
        if (running.Paused)
            await Thaw(container, cancel);
        Publish(container, "kill", ("signal", signal.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The stop signal, then SIGKILL after <paramref name="seconds"/> (-1: never).</summary>
    /// <exception cref="NaruException">NotModified: it does not run.</exception>
    public async Task Stop(Container container, int? seconds, string? signal, CancellationToken cancel)
    {
        var number = SignalNames.Parse(string.IsNullOrEmpty(signal) ? container.Record.Config.StopSignal is { Length: > 0 } own ? own : "SIGTERM" : signal);
        if (container.State is ContainerState.Restarting again)
        {
            container.StopAsked = true;
            container.Change(new ContainerState.Exited(again.ExitCode, again.StartedAt, again.FinishedAt), record => record with { ManuallyStopped = true });
            return;
        }

        if (container.State is not ContainerState.Running)
            throw new NaruException(ErrorKind.NotModified, "");
        container.StopAsked = true;
        container.Change(record => record with { ManuallyStopped = true });
        var grace = seconds ?? (int?)container.Record.Config.StopTimeout ?? 10;
        await TryKill(container, number, cancel);
        if (!await Ended(container, grace < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(grace), cancel))
        {
            await TryKill(container, SignalNames.Kill, cancel);
            if (!await Ended(container, KillTime, cancel))
                throw new NaruException(ErrorKind.Internal, $"cannot stop container: {container.Id}: tried to kill container, but did not receive an exit event");
        }

        Publish(container, "stop");
    }

    public async Task Pause(Container container, bool pause, CancellationToken cancel)
    {
        await container.Operation.WaitAsync(cancel);
        try
        {
            if (container.State is not ContainerState.Running running)
                throw NaruException.Conflict(pause ? $"container {container.Id} is not running" : $"Container {container.Id} is not paused");
            if (running.Paused == pause)
                throw NaruException.Conflict(pause ? $"Container {container.Id} is already paused" : $"Container {container.Id} is not paused");
            await (pause ? containerd.Pause(container.Id, cancel) : containerd.Resume(container.Id, cancel));
            container.SetPaused(pause);
            Publish(container, pause ? "pause" : "unpause");
        }
        finally
        {
            container.Operation.Release();
        }
    }

    /// <summary>Waits until it does not run; false when the time ran out.</summary>
    public static async Task<bool> Ended(Container container, TimeSpan time, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (time != Timeout.InfiniteTimeSpan)
            limit.CancelAfter(time);
        while (true)
        {
            var changed = container.Changed;
            if (container.State is not ContainerState.Running || container.Removed)
                return true;
            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                return false;
            }
        }
    }

    public void Publish(Container container, string action, params ReadOnlySpan<(string Name, string Value)> more)
    {
        List<KeyValuePair<string, string>> attributes = [.. container.Record.Config.Labels ?? [], new("image", container.Record.Config.Image), new("name", container.Name)];
        foreach (var (name, value) in more)
            attributes.Add(new(name, value));
        events.Publish("container", action, container.Id, attributes);
    }

    /// <summary>Says which volumes and networks it has from now on, or had until now.</summary>
    private void Attached(Container container, bool now)
    {
        if (!now)
            Networks(container, now);
        foreach (var mount in container.Record.Mounts.Where(mount => mount.Name is not null))
        {
            List<KeyValuePair<string, string>> attributes = [new("container", container.Id), new("driver", "local")];
            if (now)
                attributes.AddRange([new("destination", mount.Destination), new("propagation", mount.Propagation), new("read/write", mount.ReadWrite ? "true" : "false")]);
            events.Publish("volume", now ? "mount" : "unmount", mount.Name!, attributes);
        }

        if (now)
            Networks(container, now);
    }

    private void Networks(Container container, bool now)
    {
        foreach (var (name, endpoint) in ContainerViews.Summary(container).NetworkSettings?.Networks ?? [])
            events.Publish("network", now ? "connect" : "disconnect", endpoint?.NetworkID ?? name, [new("container", container.Id), new("name", name), new("type", name == "none" ? "null" : name)]);
    }

    /// <summary>Takes up a container that runs already: waits for its end.</summary>
    public void Take(Container container, ProcessStreams streams)
    {
        Started(container);
        _ = Follow(container, containerd.Wait(container.Id, "", CancellationToken.None), streams);
    }

    /// <summary>What comes after a process's end: its groups and network go, the log is made whole, and its policy says what is next.</summary>
    public async Task Conclude(Container container, int code, DateTime at, ContainerState.Running was, ProcessStreams streams)
    {
        var oom = container.OutOfMemory || tasks.WasOutOfMemory(container.Record);
        var deleted = tasks.Discard(container.Id);
        await tasks.Release(container, container.Record.Sandbox?.Network);
        // The shim closes the pipes when they are empty, at the latest when it is deleted: then the log is whole.
        if (await Task.WhenAny(streams.Drained, Afterwards(deleted, TimeSpan.FromSeconds(5))) != streams.Drained)
            streams.Abandon();
        var record = container.Record;
        var restart = !container.StopAsked && ShouldRestart(record, code);
        var leaves = !restart && record.HostConfig.AutoRemove && !container.KeptAtEnd;
        if (!leaves)
            await deleted;
        streams.Remove();
        Attached(container, false);
        Publish(container, "die", ("execDuration", ((long)(at - was.StartedAt).TotalSeconds).ToString(CultureInfo.InvariantCulture)), ("exitCode", code.ToString(CultureInfo.InvariantCulture)));
        container.Change(
            restart ? new ContainerState.Restarting(code, was.StartedAt, at) : new ContainerState.Exited(code, was.StartedAt, at, oom),
            old => old with { Sandbox = null, RestartCount = restart ? old.RestartCount + 1 : old.RestartCount });
        if (restart)
            _ = Again(container, at - was.StartedAt);
        else if (leaves)
            await AutoRemove(container, deleted);
    }

    private static async Task Afterwards(Task first, TimeSpan time)
    {
        await first;
        await Task.Delay(time);
    }

    public static bool ShouldRestart(ContainerRecord record, int code) => record.HostConfig.RestartPolicy switch
    {
        { Name: "always" } => true,
        { Name: "unless-stopped" } => !record.ManuallyStopped,
        { Name: "on-failure" } policy => code != 0 && (policy.MaximumRetryCount == 0 || record.RestartCount < policy.MaximumRetryCount),
        _ => false,
    };

    private async Task StartLocked(Container container, Func<ContainerRecord, ContainerRecord>? also = null)
    {
        try
        {
            var (running, sandbox, waiting, streams) = await tasks.Start(container);
            container.Change(running, old => (also?.Invoke(old) ?? old) with { Sandbox = sandbox });
            Attached(container, true);
            Publish(container, "start");
            Started(container);
            _ = Follow(container, waiting, streams);
        }
        catch (Exception e)
        {
            var (code, error) = StartFailure.Of(e);
            var started = container.State switch { ContainerState.Exited end => end.StartedAt, ContainerState.Restarting again => again.StartedAt, _ => default };
            container.Change(new ContainerState.Exited(code, started, started == default ? default : DateTime.UtcNow, Error: error.Message), old => old with { Sandbox = null });
            if (container.Record.HostConfig.AutoRemove)
                _ = Task.Run(() => AutoRemove(container, Task.CompletedTask));
            if (error == e)
                throw;
            throw error;
        }
    }

    /// <summary>Waits for the end. containerd may restart meanwhile: then it is asked again.</summary>
    private async Task Follow(Container container, Task<Tasks.WaitResponse> waiting, ProcessStreams streams)
    {
        var was = (ContainerState.Running)container.State;
        var code = 137;
        var at = DateTime.UtcNow;
        while (true)
        {
            try
            {
                var end = await waiting;
                code = (int)end.ExitStatus;
                at = end.ExitedAt?.ToDateTime() ?? DateTime.UtcNow;
                break;
            }
            catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
            {
                break;
            }
            catch (Exception e)
            {
                // Whatever it is: a container that nobody follows would run for ever on our list.
                Log.Debug($"container {container.Id}: waiting for its end: {e.Message}");
                await Task.Delay(200);
                waiting = containerd.Wait(container.Id, "", CancellationToken.None);
            }
        }

        try
        {
            await Conclude(container, code, at, was, streams);
        }
        catch (Exception e)
        {
            Log.Error($"container {container.Id}: after its end: {e.Message}");
        }
    }

    /// <summary>The next start: after 100 ms, twice as long each time up to a minute, from the beginning again once it ran for ten seconds.</summary>
    private async Task Again(Container container, TimeSpan lasted)
    {
        var next = container.Backoff == TimeSpan.Zero || lasted >= TimeSpan.FromSeconds(10) ? TimeSpan.FromMilliseconds(100) : container.Backoff * 2;
        container.Backoff = next > TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1) : next;
        await Task.Delay(container.Backoff);
        await container.Operation.WaitAsync();
        try
        {
            if (container.State is ContainerState.Restarting && !container.Removed && !container.StopAsked)
                await StartLocked(container);
        }
        catch (Exception e) when (e is NaruException or IOException)
        {
            Log.Error($"container {container.Id}: restart: {e.Message}");
        }
        finally
        {
            container.Operation.Release();
        }
    }

    private async Task TryKill(Container container, int signal, CancellationToken cancel)
    {
        try
        {
            await Kill(container, signal, cancel);
        }
        catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Conflict or ErrorKind.FailedPrecondition)
        {
        }
    }

    /// <summary>A frozen process takes no signal. One that has ended by it meanwhile needs no thaw.</summary>
    private async Task Thaw(Container container, CancellationToken cancel)
    {
        try
        {
            await containerd.Resume(container.Id, cancel);
        }
        catch (NaruException e)
        {
            Log.Debug($"container {container.Id}: thaw: {e.Message}");
        }

        container.SetPaused(false);
    }
}
