using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Events;
using Naru.Engine.Networks;
using Naru.Engine.Security;
using Naru.Engine.Specs;
using Naru.Engine.Streams;
using Naru.Linux;
using RpcContainers = Naru.Rpc.Containers;
using Tasks = Naru.Rpc.Tasks;
using Types = Naru.Rpc.Types;

namespace Naru.Engine.Containers;

/// <summary>Starts containers, follows them to their end, starts them again by their policy, and finds them again after the engine's own restart.</summary>
public sealed class ContainerLifecycle(EngineOptions options, EnginePaths paths, ContainerdClient containerd, ContainerStore store, NetworkService networks, EventBus events)
{
    private static readonly bool UnifiedCgroups = File.Exists("/sys/fs/cgroup/cgroup.controllers");
    private static readonly bool AppArmor = File.Exists("/sys/module/apparmor/parameters/enabled") && File.ReadAllText("/sys/module/apparmor/parameters/enabled").StartsWith('Y');
    private static readonly TimeSpan CleanUpTime = TimeSpan.FromSeconds(30);

    public static bool Unified => UnifiedCgroups;

    /// <summary>Removes a container whose end asks for it; set by the engine, which owns removal.</summary>
    public Func<Container, Task> AutoRemove { get; set; } = _ => Task.CompletedTask;

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
            // Started is started: the client's going away does not leave it half done.
            await StartLocked(container);
            container.Change(record => record with { ManuallyStopped = false, RestartCount = 0 });
        }
        finally
        {
            container.Operation.Release();
        }
    }

    /// <summary>Signals a container; <paramref name="byUser"/> notes that somebody wants its end.</summary>
    public async Task Kill(Container container, int signal, CancellationToken cancel)
    {
        if (container.State is not ContainerState.Running running)
            throw NaruException.Conflict($"Container {container.Id} is not running");
        if (signal == SignalNames.Kill)
            container.StopAsked = true;
        if (running.Paused && signal == SignalNames.Kill)
        {
            await containerd.Kill(container.Id, "", signal, false, cancel);
            await containerd.Resume(container.Id, cancel);
        }
        else
        {
            await containerd.Kill(container.Id, "", signal, false, cancel);
        }

        Publish(container, "kill", ("signal", signal.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>The stop signal, then SIGKILL after <paramref name="seconds"/> (-1: never).</summary>
    /// <exception cref="NaruException">NotModified: it does not run.</exception>
    public async Task Stop(Container container, int? seconds, string? signal, CancellationToken cancel)
    {
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
        var number = SignalNames.Parse(string.IsNullOrEmpty(signal) ? container.Record.Config.StopSignal ?? "SIGTERM" : signal);
        var grace = seconds ?? (int?)container.Record.Config.StopTimeout ?? 10;
        try
        {
            await containerd.Kill(container.Id, "", number, false, cancel);
            Publish(container, "kill", ("signal", number.ToString(CultureInfo.InvariantCulture)));
        }
        catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.FailedPrecondition)
        {
        }

        if (!await Ended(container, grace < 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(grace), cancel))
        {
            try
            {
                await Kill(container, SignalNames.Kill, cancel);
            }
            catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Conflict or ErrorKind.FailedPrecondition)
            {
            }

            await Ended(container, TimeSpan.FromSeconds(30), cancel);
        }

        Publish(container, "stop");
    }

    public async Task Pause(Container container, bool pause, CancellationToken cancel)
    {
        await container.Operation.WaitAsync(cancel);
        try
        {
            if (container.State is not ContainerState.Running running)
                throw NaruException.Conflict($"Container {container.Id} is not running");
            if (running.Paused == pause)
                throw NaruException.Conflict(pause ? $"Container {container.Id} is already paused" : $"Container {container.Id} is not paused");
            await (pause ? containerd.Pause(container.Id, cancel) : containerd.Resume(container.Id, cancel));
            container.Change(running with { Paused = pause });
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

    /// <summary>After the engine's start: what runs is taken up again, what ended meanwhile is ended here too, what a policy wants is started.</summary>
    public async Task Recover(CancellationToken cancel)
    {
        var tasks = (await containerd.ListTasks(cancel)).ToDictionary(task => task.Id.Length > 0 ? task.Id : task.ContainerId);
        foreach (var container in store.All)
        {
            try
            {
                await Recover(container, tasks.GetValueOrDefault(container.Id), cancel);
            }
            catch (Exception e) when (e is NaruException or IOException)
            {
                Log.Error($"container {container.Id}: cannot be taken up again: {e.Message}");
            }
        }

        foreach (var (id, _) in tasks.Where(task => store.Find(task.Key) is null))
        {
            Log.Warn($"task {id} belongs to no container: ended");
            await Discard(id);
        }
    }

    public void Publish(Container container, string action, params ReadOnlySpan<(string Name, string Value)> more)
    {
        List<KeyValuePair<string, string>> attributes = [.. container.Record.Config.Labels ?? [], new("image", container.Record.Config.Image), new("name", container.Name)];
        foreach (var (name, value) in more)
            attributes.Add(new(name, value));
        events.Publish("container", action, container.Id, attributes);
    }

    private async Task Recover(Container container, Types.Process? task, CancellationToken cancel)
    {
        if (task is { Status: Types.Status.Running or Types.Status.Paused })
        {
            var streams = Streams(container);
            streams.Open();
            container.Begin(streams);
            streams.HoldStdin();
            var started = container.State is ContainerState.Running running ? running.StartedAt : DateTime.UtcNow;
            container.Change(new ContainerState.Running((int)task.Pid, started, task.Status == Types.Status.Paused));
            _ = Follow(container, containerd.Wait(container.Id, "", CancellationToken.None), streams);
            return;
        }

        if (container.State is ContainerState.Running)
        {
            // It ended while nobody was here: what the pipes still hold goes to the log first.
            var streams = Streams(container);
            streams.Open();
            var was = (ContainerState.Running)container.State;
            streams.Abandon();
            await Conclude(container, task is null ? 137 : (int)task.ExitStatus, task?.ExitedAt?.ToDateTime() ?? DateTime.UtcNow, was, streams);
            return;
        }

        if (task is not null)
            await Discard(container.Id);
        var policy = container.Record.HostConfig.RestartPolicy.Name;
        if (container.State is ContainerState.Restarting || (container.State is ContainerState.Exited && (policy == "always" || (policy == "unless-stopped" && !container.Record.ManuallyStopped))))
            await Start(container, cancel);
        else if (container.State is ContainerState.Exited && container.Record.HostConfig.AutoRemove)
            await AutoRemove(container);
    }

    private async Task StartLocked(Container container)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var cancel = limit.Token;
        var record = container.Record;
        container.StopAsked = false;
        var streams = Streams(container);
        SandboxRecord? attached = null;
        try
        {
            await Discard(container.Id);
            var network = networks.Connect(record, store, cancel);
            _ = network.ContinueWith(done => attached = done.Result.Sandbox, cancel, TaskContinuationOptions.OnlyOnRanToCompletion | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            var snapshot = containerd.SnapshotMounts(container.Id, cancel);
            streams.Open();
            container.Begin(streams);
            IReadOnlyList<Types.Mount> mounts = await snapshot;
            var user = new UserLookup(RootMount.Layers(mounts)).Resolve(record.Config.User, record.HostConfig.GroupAdd);
            var joined = Joined(record);
            var (sandbox, networkNamespace, etcFiles) = await network;
            var spec = SpecBuilder.Build(new SpecInput
            {
                Record = record,
                User = user,
                NetworkNamespace = networkNamespace,
                Joined = joined,
                EtcFiles = etcFiles,
                SharedMemory = SharedMemory(record),
                AppArmor = AppArmor,
                UnifiedCgroups = UnifiedCgroups,
            });
            var (runtime, runtimeOptions) = Runtime(record.HostConfig.Runtime ?? options.DefaultRuntime);
            await containerd.CreateContainer(new RpcContainers.Container
            {
                Id = container.Id,
                Image = record.Config.Image,
                Runtime = new RpcContainers.Container.Types.Runtime { Name = runtime, Options = runtimeOptions },
                Spec = new Any { TypeUrl = ContainerdClient.SpecType, Value = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(spec, Oci.Runtime.SpecJson.Default.Spec)) },
                Snapshotter = ContainerdClient.Snapshotter,
                SnapshotKey = container.Id,
            }, cancel);
            var task = new Tasks.CreateTaskRequest
            {
                ContainerId = container.Id,
                Rootfs = { mounts },
                Stdin = streams.StdinPath,
                Stdout = streams.StdoutPath,
                Stderr = streams.StderrPath,
                Terminal = record.Config.Tty,
                Options = runtimeOptions,
            };
            var pid = await containerd.CreateTask(task, cancel);
            streams.HoldStdin();
            var waiting = containerd.Wait(container.Id, "", CancellationToken.None);
            await containerd.Start(container.Id, "", cancel);
            container.Change(new ContainerState.Running(pid, DateTime.UtcNow), old => old with { Sandbox = sandbox });
            Publish(container, "start");
            _ = Follow(container, waiting, streams);
        }
        catch (Exception e)
        {
            streams.Abandon();
            await CleanUp(container, attached?.Network);
            streams.Remove();
            var (code, error) = StartFailure.Of(e);
            container.Change(new ContainerState.Exited(code, default, DateTime.UtcNow, Error: error.Message), old => old with { Sandbox = null });
            if (record.HostConfig.AutoRemove)
                _ = Task.Run(() => AutoRemove(container));
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
            catch (Exception e) when (e is NaruException or IOException or HttpRequestException)
            {
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

    private async Task Conclude(Container container, int code, DateTime at, ContainerState.Running was, ProcessStreams streams)
    {
        // The shim closes the pipes when it is deleted: then the log is whole.
        await CleanUp(container, container.Record.Sandbox?.Network);
        if (await Task.WhenAny(streams.Drained, Task.Delay(TimeSpan.FromSeconds(5))) != streams.Drained)
            streams.Abandon();
        streams.Remove();
        var record = container.Record;
        var restart = !container.StopAsked && ShouldRestart(record, code);
        Publish(container, "die", ("execDuration", ((long)(at - was.StartedAt).TotalSeconds).ToString(CultureInfo.InvariantCulture)), ("exitCode", code.ToString(CultureInfo.InvariantCulture)));
        container.Change(
            restart ? new ContainerState.Restarting(code, was.StartedAt, at) : new ContainerState.Exited(code, was.StartedAt, at),
            old => old with { Sandbox = null, RestartCount = restart ? old.RestartCount + 1 : old.RestartCount });
        if (restart)
            _ = Again(container, at - was.StartedAt);
        else if (record.HostConfig.AutoRemove)
            await AutoRemove(container);
    }

    private async Task Again(Container container, TimeSpan lasted)
    {
        var count = lasted > TimeSpan.FromSeconds(10) ? 1 : Math.Min(container.Record.RestartCount, 10);
        await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(60_000, 100 * Math.Pow(2, count - 1))));
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

    private static bool ShouldRestart(ContainerRecord record, int code) => record.HostConfig.RestartPolicy switch
    {
        { Name: "always" } => true,
        { Name: "unless-stopped" } => !record.ManuallyStopped,
        { Name: "on-failure" } policy => code != 0 && (policy.MaximumRetryCount == 0 || record.RestartCount < policy.MaximumRetryCount),
        _ => false,
    };

    /// <summary>Takes away what a start made. Has a deadline of its own.</summary>
    private async Task CleanUp(Container container, Naru.Network.Sandbox? sandbox)
    {
        await Discard(container.Id);
        try
        {
            if (sandbox is not null)
                await networks.Disconnect(sandbox);
        }
        catch (Exception e) when (e is NaruException or IOException)
        {
            Log.Error($"container {container.Id}: its network is not released: {e.Message}");
        }
    }

    private async Task Discard(string id)
    {
        using var limit = new CancellationTokenSource(CleanUpTime);
        try
        {
            if (await containerd.TryTask(id, "", limit.Token) is { } task)
            {
                if (task.Status is not Types.Status.Stopped)
                {
                    await containerd.Kill(id, "", SignalNames.Kill, true, limit.Token);
                    await containerd.Wait(id, "", limit.Token);
                }

                await containerd.DeleteTask(id, limit.Token);
            }
        }
        catch (NaruException e) when (e.Kind != ErrorKind.NotFound)
        {
            Log.Error($"task {id}: not deleted: {e.Message}");
        }
        catch (NaruException)
        {
        }

        await containerd.DeleteContainer(id, limit.Token);
    }

    private ProcessStreams Streams(Container container) =>
        new(paths.Fifos(container.Id), "init", container.Record.Config.OpenStdin, container.Record.Config.Tty, container.Log);

    private Dictionary<string, int> Joined(ContainerRecord record)
    {
        Dictionary<string, int> joined = [];
        foreach (var (kind, mode) in ((string, string)[])[("pid", record.HostConfig.PidMode), ("ipc", record.HostConfig.IpcMode)])
        {
            if (!mode.StartsWith("container:", StringComparison.Ordinal))
                continue;
            var other = store.Get(mode[10..]);
            joined[kind] = other.State is ContainerState.Running running ? running.Pid
                : throw NaruException.Conflict($"cannot join {kind.ToUpperInvariant()} namespace of a non running container: container {other.Id} is {other.State.Status}");
            if (kind == "ipc" && other.Record.HostConfig.IpcMode != "shareable")
                throw NaruException.Conflict($"non-shareable IPC (hint: use IpcMode:shareable for the donor container): container {other.Id}");
        }

        return joined;
    }

    /// <summary>A shareable container's /dev/shm is a tmpfs of the host's, which those who join its ipc mount too.</summary>
    private string? SharedMemory(ContainerRecord record)
    {
        var mode = record.HostConfig.IpcMode;
        if (mode.StartsWith("container:", StringComparison.Ordinal))
            return paths.Shm(store.Get(mode[10..]).Id);
        if (mode != "shareable")
            return null;
        var folder = paths.Shm(record.Id);
        Directory.CreateDirectory(folder);
        Mounts.Unmount(folder, detach: true);
        Mounts.Mount("shm", folder, "tmpfs", MountFlags.NoSuid | MountFlags.NoExec | MountFlags.NoDev, $"mode=1777,size={record.HostConfig.ShmSize.ToString(CultureInfo.InvariantCulture)}");
        return folder;
    }

    private (string Name, Any Options) Runtime(string name)
    {
        var wanted = options.Runtimes.GetValueOrDefault(name, name);
        var (shim, binary) = wanted switch
        {
            "naru" => ("io.containerd.naru.v2", ""),
            "runc" => ("io.containerd.runc.v2", ""),
            _ when wanted.StartsWith("io.containerd.", StringComparison.Ordinal) => (wanted, ""),
            _ when wanted.StartsWith('/') => (options.DefaultRuntime.StartsWith("io.containerd.", StringComparison.Ordinal) ? options.DefaultRuntime : "io.containerd.naru.v2", wanted),
            _ => throw NaruException.Invalid($"unknown or invalid runtime name: {name}"),
        };
        var message = new Rpc.Shim.Options { BinaryName = binary };
        return (shim, new Any { TypeUrl = "containerd.runc.v1.Options", Value = message.ToByteString() });
    }
}
