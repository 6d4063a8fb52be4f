using System.Collections.Concurrent;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Api;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Containers;
using Naru.Engine.Security;
using Naru.Engine.Specs;
using Naru.Engine.Streams;
using Tasks = Naru.Rpc.Tasks;

namespace Naru.Engine.Execs;

/// <summary>More processes in running containers. They are not kept over the engine's restart.</summary>
public sealed class ExecService(EnginePaths paths, ContainerdClient containerd, ContainerStore store, ContainerLifecycle lifecycle)
{
    private readonly ConcurrentDictionary<string, Exec> all = new();

    public Exec Get(string id) => all.TryGetValue(id, out var exec) ? exec : throw NaruException.NotFound($"No such exec instance: {id}");

    public string Create(string reference, ExecCreateRequest request)
    {
        var container = store.Get(reference);
        if (container.State is ContainerState.Restarting)
            throw NaruException.Conflict($"Container {container.Id} is restarting, wait until the container is running");
        if (container.State is not ContainerState.Running running)
            throw NaruException.Conflict($"container {container.Id} is not running");
        if (running.Paused)
            throw NaruException.Conflict($"Container {reference} is paused, unpause the container before exec");
        if (request.Cmd is not { Count: > 0 })
            throw NaruException.Invalid("No exec command specified");
        var id = ContainerStore.NewId();
        all[id] = new Exec(id, container, request with { User = request.User ?? "", WorkingDir = request.WorkingDir ?? "" });
        lifecycle.Publish(container, "exec_create: " + string.Join(" ", request.Cmd) + " ", ("execID", id));
        return id;
    }

    /// <summary>Starts it; <paramref name="attached"/> runs once the streams are open and before the process is.</summary>
    public async Task Start(Exec exec, bool detach, Action<ProcessStreams> attached, CancellationToken cancel)
    {
        var container = exec.Container;
        if (!exec.TryBegin())
            throw NaruException.Conflict($"exec {exec.Id} has already {(exec.Running ? "started" : "run")}");
        if (container.State is not ContainerState.Running)
            throw NaruException.Conflict($"container {container.Id} is not running");
        var request = exec.Request;
        var streams = new ProcessStreams(paths.Fifos(container.Id), exec.Id, request.AttachStdin && !detach, request.Tty, null);
        exec.Streams = streams;
        try
        {
            var mounts = await containerd.SnapshotMounts(container.Id, cancel);
            var lookup = new UserLookup(RootMount.Layers(mounts));
            var record = container.Record;
            var spec = SpecBuilder.Build(new SpecInput { Record = record, User = lookup.Resolve(record.Config.User, record.HostConfig.GroupAdd) });
            var user = request.User.Length > 0 ? lookup.Resolve(request.User, record.HostConfig.GroupAdd) : spec.Process!.User!;
            var process = SpecBuilder.Exec(spec.Process!, record.HostConfig, request, user, appArmor: false);
            streams.Open();
            attached(streams);
            await containerd.Exec(new Tasks.ExecProcessRequest
            {
                ContainerId = container.Id,
                ExecId = exec.Id,
                Stdin = streams.StdinPath,
                Stdout = streams.StdoutPath,
                Stderr = streams.StderrPath,
                Terminal = request.Tty,
                Spec = new Any { TypeUrl = ContainerdClient.ProcessType, Value = ByteString.CopyFrom(JsonSerializer.SerializeToUtf8Bytes(process, Oci.Runtime.SpecJson.Default.Process)) },
            }, cancel);
            streams.Run();
            streams.HoldStdin();
            var waiting = containerd.Wait(container.Id, exec.Id, CancellationToken.None);
            exec.Pid = await containerd.Start(container.Id, exec.Id, cancel);
            lifecycle.Publish(container, "exec_start: " + string.Join(" ", request.Cmd!) + " ", ("execID", exec.Id));
            _ = Follow(exec, waiting, streams);
        }
        catch (Exception e)
        {
            streams.Abandon();
            streams.Remove();
            var (code, error) = StartFailure.Of(e);
            exec.End(code);
            await containerd.DeleteProcess(container.Id, exec.Id, CancellationToken.None);
            // The prefix of a container's start is not an exec's.
            throw error is NaruException { Kind: ErrorKind.InvalidArgument } ? NaruException.Invalid(e.Message) : error;
        }
    }

    /// <summary>Ends its process at once.</summary>
    public Task Kill(Exec exec) => containerd.Kill(exec.Container.Id, exec.Id, SignalNames.Kill, false, CancellationToken.None);

    /// <summary>Those of a container that run, by id.</summary>
    public IReadOnlyList<string>? Running(Container container)
    {
        var ids = all.Values.Where(exec => exec.Container == container && exec.Running).Select(exec => exec.Id).ToList();
        return ids.Count > 0 ? ids : null;
    }

    private async Task Follow(Exec exec, Task<Tasks.WaitResponse> waiting, ProcessStreams streams)
    {
        var code = 137;
        try
        {
            code = (int)(await waiting).ExitStatus;
        }
        catch (Exception e) when (e is NaruException or IOException or HttpRequestException)
        {
            Log.Debug($"exec {exec.Id}: {e.Message}");
        }

        try
        {
            await containerd.DeleteProcess(exec.Container.Id, exec.Id, CancellationToken.None);
        }
        catch (NaruException e)
        {
            Log.Debug($"exec {exec.Id}: {e.Message}");
        }

        if (await Task.WhenAny(streams.Drained, Task.Delay(TimeSpan.FromSeconds(5))) != streams.Drained)
            streams.Abandon();
        streams.Remove();
        exec.End(code);
        lifecycle.Publish(exec.Container, "exec_die", ("execID", exec.Id), ("exitCode", code.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        _ = Task.Delay(TimeSpan.FromMinutes(5)).ContinueWith(_ => all.TryRemove(exec.Id, out var _), TaskScheduler.Default);
    }
}
