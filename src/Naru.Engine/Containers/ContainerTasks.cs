using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Engine.Containerd;
using Naru.Engine.Networks;
using Naru.Engine.Security;
using Naru.Engine.Specs;
using Naru.Engine.Streams;
using Naru.Engine.Volumes;
using Naru.Linux;
using RpcContainers = Naru.Rpc.Containers;
using Tasks = Naru.Rpc.Tasks;
using Types = Naru.Rpc.Types;

namespace Naru.Engine.Containers;

/// <summary>Makes a container's task and takes it away: spec, streams, network, shim. Knows nothing of policies.</summary>
public sealed class ContainerTasks(EngineOptions options, EnginePaths paths, ContainerdClient containerd, ContainerStore store, NetworkService networks, VolumeStore volumes)
{
    public static bool AppArmor { get; } = File.Exists("/sys/module/apparmor/parameters/enabled") && File.ReadAllText("/sys/module/apparmor/parameters/enabled").StartsWith('Y');
    private static readonly IReadOnlyList<CgroupMount> Cgroups = CgroupMounts.Discover();
    private static readonly TimeSpan StartTime = TimeSpan.FromMinutes(2), CleanUpTime = TimeSpan.FromSeconds(30);

    /// <summary>Starts its process. After a failure nothing of it is left.</summary>
    public async Task<(ContainerState.Running State, SandboxRecord? Sandbox, Task<Tasks.WaitResponse> Waiting, ProcessStreams Streams)> Start(Container container)
    {
        using var limit = new CancellationTokenSource(StartTime);
        var cancel = limit.Token;
        ShareHostname(container);
        var record = container.Record;
        container.StopAsked = false;
        container.OutOfMemory = false;
        var streams = Streams(container);
        Task<(SandboxRecord? Sandbox, string? Namespace, IReadOnlyDictionary<string, string> EtcFiles)>? network = null;
        try
        {
            await Discard(container.Id);
            network = networks.Connect(record, paths.Container(record.Id), store, cancel);
            var snapshot = containerd.SnapshotMounts(container.Id, cancel);
            streams.Open();
            container.Begin(streams);
            IReadOnlyList<Types.Mount> mounts = await snapshot;
            var user = new UserLookup(RootMount.Layers(mounts)).Resolve(record.Config.User, record.HostConfig.GroupAdd);
            var joined = Joined(record);
            volumes.Attach(record);
            var (sandbox, networkNamespace, etcFiles) = await network;
            var spec = SpecBuilder.Build(new SpecInput
            {
                Record = record,
                User = user,
                NetworkNamespace = networkNamespace,
                Joined = joined,
                EtcFiles = etcFiles,
                SharedMemory = SharedMemory(record),
                InitProgram = record.HostConfig.Init == true ? InitProgram.Find() : null,
                AppArmor = AppArmor,
                UnifiedCgroups = ContainerLifecycle.Unified,
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
                Rootfs = { record.HostConfig.AutoRemove ? RootMount.Throwaway(mounts) : mounts },
                Stdin = streams.StdinPath,
                Stdout = streams.StdoutPath,
                Stderr = streams.StderrPath,
                Terminal = record.Config.Tty,
                Options = runtimeOptions,
            };
            var pid = await Create(task, cancel);
            // Only now: what a runtime that failed has said on the container's stderr is not the container's output.
            streams.Run();
            streams.HoldStdin();
            var waiting = containerd.Wait(container.Id, "", CancellationToken.None);
            await containerd.Start(container.Id, "", cancel);
            return (new ContainerState.Running(pid, DateTime.UtcNow), sandbox, waiting, streams);
        }
        catch
        {
            streams.Abandon();
            // It may still be under way when something else has failed.
            await CleanUp(container, await Attached(network));
            streams.Remove();
            throw;
        }
    }

    private async Task<int> Create(Tasks.CreateTaskRequest task, CancellationToken cancel)
    {
        try
        {
            return await containerd.CreateTask(task, cancel);
        }
        catch (NaruException e)
        {
            throw new NaruException(e.Kind, $"failed to create task for container: {e.Message}", e) { Errno = e.Errno };
        }
    }

    private static async Task<Naru.Network.Sandbox?> Attached(Task<(SandboxRecord? Sandbox, string? Namespace, IReadOnlyDictionary<string, string> EtcFiles)>? network)
    {
        try
        {
            return network is null ? null : (await network).Sandbox?.Network;
        }
        catch (Exception e) when (e is NaruException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    public ProcessStreams Streams(Container container) =>
        new(paths.Fifos(container.Id), "init", container.Record.Config.OpenStdin, container.Record.Config.Tty, container.Log);

    /// <summary>Takes away what a start made. Has a deadline of its own.</summary>
    private async Task CleanUp(Container container, Naru.Network.Sandbox? sandbox)
    {
        await Discard(container.Id);
        await Release(container, sandbox);
    }

    /// <summary>Gives its addresses and ports back.</summary>
    public async Task Release(Container container, Naru.Network.Sandbox? sandbox)
    {
        volumes.Detach(container.Record);
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

    /// <summary>Ends and deletes a task and containerd's record of its container, whatever is left of them. Never fails: what stays is told to the log, and tried again at the next start.</summary>
    public async Task Discard(string id)
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
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
        }
        catch (Exception e) when (e is NaruException or OperationCanceledException)
        {
            Log.Error($"task {id}: not deleted: {e.Message}");
        }

        try
        {
            await containerd.DeleteContainer(id, limit.Token);
        }
        catch (Exception e) when (e is NaruException or OperationCanceledException)
        {
            Log.Error($"container {id}: containerd's record is not deleted: {e.Message}");
        }
    }

    /// <summary>Whether the kernel killed a process of the container for its memory limit. To be asked before its group goes.</summary>
    public bool WasOutOfMemory(ContainerRecord record)
    {
        try
        {
            if (Cgroup.At(Cgroups, SpecBuilder.CgroupPath(record)).FolderOf("memory") is not { } folder)
                return false;
            var text = Files.TryReadText(Path.Combine(folder, "memory.events")) ?? Files.TryReadText(Path.Combine(folder, "memory.oom_control")) ?? "";
            return text.Split('\n').Any(line => line.StartsWith("oom_kill ", StringComparison.Ordinal) && line.AsSpan(9).Trim() is not "0");
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>Who shares another's network has its name there too.</summary>
    private void ShareHostname(Container container)
    {
        var mode = container.Record.HostConfig.NetworkMode;
        if (mode.StartsWith("container:", StringComparison.Ordinal) && store.Find(mode[10..])?.Record.Config is { } other)
            container.Change(record => record with { Config = record.Config with { Hostname = other.Hostname, Domainname = other.Domainname } });
    }

    private Dictionary<string, int> Joined(ContainerRecord record)
    {
        Dictionary<string, int> joined = [];
        foreach (var (kind, mode) in ((string, string)[])[("pid", record.HostConfig.PidMode), ("ipc", record.HostConfig.IpcMode)])
        {
            if (!mode.StartsWith("container:", StringComparison.Ordinal))
                continue;
            var prefix = $"failed to join {kind.ToUpperInvariant()} namespace: ";
            var other = store.Find(mode[10..]) ?? throw NaruException.NotFound($"No such container: {mode[10..]}");
            joined[kind] = other.State is ContainerState.Running running ? running.Pid : throw NaruException.Conflict($"{prefix}container {other.Id} is not running");
            if (kind == "ipc" && other.Record.HostConfig.IpcMode != "shareable")
                throw NaruException.Conflict($"{prefix}non-shareable IPC (hint: use IpcMode:shareable for the donor container)");
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
