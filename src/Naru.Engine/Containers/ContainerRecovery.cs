using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Linux;
using Types = Naru.Rpc.Types;

namespace Naru.Engine.Containers;

/// <summary>After the engine's start: what runs is taken up again, what ended meanwhile is ended here too, what was half made goes, what a policy wants is started.</summary>
public sealed class ContainerRecovery(EnginePaths paths, ContainerdClient containerd, ContainerStore store, ContainerTasks tasks, ContainerLifecycle lifecycle)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task Run(CancellationToken cancel)
    {
        // Each by itself: one whose shim does not answer holds up no other.
        await Task.WhenAll(store.All.Select(Take));
        await Sweep(cancel);
        _ = StartAgain();
        _ = EndStrays(cancel);
    }

    private async Task Take(Container container)
    {
        try
        {
            var was = container.State as ContainerState.Running;
            var (answered, task) = await Ask(container.Id);
            if (task is { Status: Types.Status.Running or Types.Status.Paused })
                TakeRunning(container, (int)task.Pid, task.Status == Types.Status.Paused);
            else if (was is not null && !answered)
                TakeRunning(container, was.Pid, was.Paused);
            else if (was is not null)
                await TakeEnded(container, task, was);
            else if (task is not null)
                await tasks.Discard(container.Id);
        }
        catch (Exception e) when (e is NaruException or IOException)
        {
            Log.Error($"container {container.Id}: cannot be taken up again: {e.Message}");
        }
    }

    /// <summary>A task as its shim tells; no answer, or none in time, is no news of its end.</summary>
    private async Task<(bool Answered, Types.Process? Task)> Ask(string id)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return (true, await containerd.TryTask(id, "", limit.Token));
        }
        catch (Exception e) when (e is NaruException or OperationCanceledException or IOException or HttpRequestException)
        {
            Log.Warn($"container {id}: its shim does not answer: {e.Message}");
            return (false, null);
        }
    }

    /// <summary>Ends tasks that belong to no container.</summary>
    private async Task EndStrays(CancellationToken cancel)
    {
        try
        {
            foreach (var task in await containerd.ListTasks(cancel))
            {
                var id = task.Id.Length > 0 ? task.Id : task.ContainerId;
                if (store.Find(id) is not null)
                    continue;
                Log.Warn($"task {id} belongs to no container: ended");
                await tasks.Discard(id);
            }
        }
        catch (Exception e) when (e is NaruException or IOException or OperationCanceledException)
        {
            Log.Error($"tasks without a container: {e.Message}");
        }
    }

    private void TakeRunning(Container container, int pid, bool paused)
    {
        var streams = tasks.Streams(container);
        streams.Open();
        streams.Run();
        container.Begin(streams);
        streams.HoldStdin();
        var started = container.State is ContainerState.Running running ? running.StartedAt : DateTime.UtcNow;
        container.Change(new ContainerState.Running(pid, started, paused));
        lifecycle.Take(container, streams);
    }

    /// <summary>It ended while nobody was here: what the pipes still hold goes to the log first.</summary>
    private async Task TakeEnded(Container container, Types.Process? task, ContainerState.Running was)
    {
        var streams = tasks.Streams(container);
        streams.Open();
        streams.Run();
        streams.Abandon();
        await lifecycle.Conclude(container, task is null ? 137 : (int)task.ExitStatus, task?.ExitedAt?.ToDateTime() ?? DateTime.UtcNow, was, streams);
    }

    /// <summary>Removes what belongs to no container: creates that were killed half-way, and what their starts made.</summary>
    private async Task Sweep(CancellationToken cancel)
    {
        foreach (var id in await containerd.ListActiveSnapshots(cancel))
        {
            if (!IsId(id) || store.Find(id) is not null)
                continue;
            Log.Warn($"snapshot {id} belongs to no container: removed");
            await containerd.DeleteContainer(id, cancel);
            await containerd.RemoveSnapshot(id, cancel);
        }

        foreach (var (folder, mounted) in ((string, bool)[])[("mounts", true), ("shm", true), ("fifo", false)])
        {
            foreach (var entry in Directory.EnumerateDirectories(Path.Combine(paths.ExecRoot, folder)))
            {
                // Below mounts nothing outlives the engine that made it.
                if (folder != "mounts" && store.Find(Path.GetFileName(entry)) is not null)
                    continue;
                if (mounted)
                    Mounts.Unmount(entry, detach: true);
                Directory.Delete(entry, recursive: !mounted);
            }
        }
    }

    /// <summary>In the order they were made, so that one whose namespaces another joins comes first.</summary>
    private async Task StartAgain()
    {
        foreach (var container in store.All.OrderBy(container => container.Record.Created))
        {
            try
            {
                if (container.State is ContainerState.Restarting || (container.State is ContainerState.Exited { StartedAt.Ticks: > 0 } end && ShouldStart(container.Record, end.ExitCode)))
                    await lifecycle.Start(container, CancellationToken.None);
                else if (container.State is ContainerState.Exited { StartedAt.Ticks: > 0 } && container.Record.HostConfig.AutoRemove)
                    await lifecycle.AutoRemove(container, Task.CompletedTask);
            }
            catch (Exception e) when (e is NaruException or IOException)
            {
                Log.Error($"container {container.Id}: {e.Message}");
            }
        }
    }

    private static bool ShouldStart(ContainerRecord record, int code) => record.HostConfig.RestartPolicy.Name switch
    {
        "always" => true,
        "unless-stopped" => !record.ManuallyStopped,
        "on-failure" => !record.ManuallyStopped && ContainerLifecycle.ShouldRestart(record, code),
        _ => false,
    };

    private static bool IsId(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");
}
