using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Oci;
using Content = Naru.Rpc.Content;
using Leases = Naru.Rpc.Leases;
using Namespaces = Naru.Rpc.Namespaces;
using RpcContainers = Naru.Rpc.Containers;
using RpcImages = Naru.Rpc.Images;
using Snapshots = Naru.Rpc.Snapshots;
using Tasks = Naru.Rpc.Tasks;
using Types = Naru.Rpc.Types;

namespace Naru.Engine.Containerd;

/// <summary>containerd's services as the engine uses them, in its namespace <c>moby</c>, snapshots by <c>overlayfs</c>.</summary>
public sealed class ContainerdClient(string socketPath) : IDisposable
{
    public const string Namespace = "moby";
    public const string Snapshotter = "overlayfs";
    public const string SpecType = "types.containerd.io/opencontainers/runtime-spec/1/Spec";
    public const string ProcessType = "types.containerd.io/opencontainers/runtime-spec/1/Process";
    public const string ResourcesType = "types.containerd.io/opencontainers/runtime-spec/1/LinuxResources";

    public GrpcConnection Grpc { get; } = new(socketPath, Namespace);

    /// <summary>Makes the namespace; one that exists is fine. Unavailable: containerd is not up yet.</summary>
    public async Task MakeNamespace(CancellationToken cancel)
    {
        try
        {
            await Grpc.Unary("containerd.services.namespaces.v1.Namespaces/Create",
                new Namespaces.CreateNamespaceRequest { Namespace = new Namespaces.Namespace { Name = Namespace } }, Namespaces.CreateNamespaceResponse.Parser, cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
        }
    }

    // Content

    public async Task<byte[]> ReadContent(Digest digest, CancellationToken cancel)
    {
        var bytes = new MemoryStream();
        await foreach (var part in Grpc.Stream("containerd.services.content.v1.Content/Read", new Content.ReadContentRequest { Digest = digest.ToString() }, Content.ReadContentResponse.Parser, cancel))
            bytes.Write(part.Data.Span);
        return bytes.ToArray();
    }

    public IAsyncEnumerable<Content.ReadContentResponse> StreamContent(Digest digest, CancellationToken cancel) =>
        Grpc.Stream("containerd.services.content.v1.Content/Read", new Content.ReadContentRequest { Digest = digest.ToString() }, Content.ReadContentResponse.Parser, cancel);

    /// <summary>Facts of a blob, or null when it is not there.</summary>
    public async Task<Content.Info?> TryContentInfo(Digest digest, CancellationToken cancel) =>
        (await Found(Grpc.Unary("containerd.services.content.v1.Content/Info", new Content.InfoRequest { Digest = digest.ToString() }, Content.InfoResponse.Parser, cancel)))?.Info;

    /// <summary>Stores a blob; one that is there already is fine.</summary>
    public async Task WriteContent(Digest expected, long size, Stream source, IReadOnlyDictionary<string, string>? labels, CancellationToken cancel)
    {
        using var call = await Grpc.Duplex("containerd.services.content.v1.Content/Write", cancel);
        var reference = $"naru-{expected}";
        try
        {
            await call.Send(new Content.WriteContentRequest { Action = Content.WriteAction.Stat, Ref = reference, Total = size, Expected = expected.ToString() }, cancel);
            var status = await call.Receive(Content.WriteContentResponse.Parser, cancel);
            var offset = status?.Offset ?? 0;
            if (offset > 0)
                await Skip(source, offset, cancel);
            var buffer = new byte[256 * 1024];
            int count;
            while ((count = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel)) > 0)
            {
                await call.Send(new Content.WriteContentRequest { Action = Content.WriteAction.Write, Ref = reference, Offset = offset, Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) }, cancel);
                await call.Receive(Content.WriteContentResponse.Parser, cancel);
                offset += count;
            }

            var commit = new Content.WriteContentRequest { Action = Content.WriteAction.Commit, Ref = reference, Offset = offset, Total = size, Expected = expected.ToString() };
            foreach (var (name, value) in labels ?? new Dictionary<string, string>())
                commit.Labels[name] = value;
            await call.Send(commit, cancel);
            await call.Receive(Content.WriteContentResponse.Parser, cancel);
            call.EndRequests();
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            if (labels is not null)
                await LabelContent(expected, labels, cancel);
        }
    }

    public async Task LabelContent(Digest digest, IReadOnlyDictionary<string, string> labels, CancellationToken cancel)
    {
        var request = new Content.UpdateRequest { Info = new Content.Info { Digest = digest.ToString() }, UpdateMask = new FieldMask() };
        foreach (var (name, value) in labels)
        {
            request.Info.Labels[name] = value;
            request.UpdateMask.Paths.Add("labels." + name);
        }

        await Grpc.Unary("containerd.services.content.v1.Content/Update", request, Content.UpdateResponse.Parser, cancel);
    }

    // Images

    public async Task<IReadOnlyList<RpcImages.Image>> ListImages(CancellationToken cancel) =>
        (await Grpc.Unary("containerd.services.images.v1.Images/List", new RpcImages.ListImagesRequest(), RpcImages.ListImagesResponse.Parser, cancel)).Images;

    public async Task<RpcImages.Image?> TryImage(string name, CancellationToken cancel) =>
        (await Found(Grpc.Unary("containerd.services.images.v1.Images/Get", new RpcImages.GetImageRequest { Name = name }, RpcImages.GetImageResponse.Parser, cancel)))?.Image;

    /// <summary>Gives an image a name, taking it from another image if need be.</summary>
    public async Task PutImage(string name, Types.ContentDescriptor target, CancellationToken cancel)
    {
        var image = new RpcImages.Image { Name = name, Target = target };
        try
        {
            await Grpc.Unary("containerd.services.images.v1.Images/Create", new RpcImages.CreateImageRequest { Image = image }, RpcImages.CreateImageResponse.Parser, cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            await Grpc.Unary("containerd.services.images.v1.Images/Update",
                new RpcImages.UpdateImageRequest { Image = image, UpdateMask = new FieldMask { Paths = { "target" } } }, RpcImages.UpdateImageResponse.Parser, cancel);
        }
    }

    /// <param name="sync">Waits for the garbage collection that frees what no image holds any more.</param>
    public Task DeleteImage(string name, bool sync, CancellationToken cancel) =>
        Grpc.Unary("containerd.services.images.v1.Images/Delete", new RpcImages.DeleteImageRequest { Name = name, Sync = sync }, Empty.Parser, cancel);

    // Leases

    /// <summary>Makes a lease that ends by itself after a day, should it be forgotten.</summary>
    public async Task<string> CreateLease(CancellationToken cancel)
    {
        var request = new Leases.CreateRequest { Id = "naru-" + Guid.NewGuid().ToString("N"), Labels = { ["containerd.io/gc.expire"] = DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture) } };
        return (await Grpc.Unary("containerd.services.leases.v1.Leases/Create", request, Leases.CreateResponse.Parser, cancel)).Lease.Id;
    }

    public async Task DeleteLease(string id, CancellationToken cancel) =>
        await Found(Grpc.Unary("containerd.services.leases.v1.Leases/Delete", new Leases.DeleteRequest { Id = id }, Empty.Parser, cancel));

    // Snapshots

    public async Task<IReadOnlyList<Types.Mount>> Prepare(string key, string parent, bool view, CancellationToken cancel)
    {
        // A root label: no garbage collection takes a container's snapshot.
        if (view)
        {
            return (await Grpc.Unary("containerd.services.snapshots.v1.Snapshots/View", new Snapshots.ViewSnapshotRequest { Snapshotter = Snapshotter, Key = key, Parent = parent, Labels = { [GcRoot] = Now() } },
                Snapshots.ViewSnapshotResponse.Parser, cancel)).Mounts;
        }

        return (await Grpc.Unary("containerd.services.snapshots.v1.Snapshots/Prepare", new Snapshots.PrepareSnapshotRequest { Snapshotter = Snapshotter, Key = key, Parent = parent, Labels = { [GcRoot] = Now() } },
            Snapshots.PrepareSnapshotResponse.Parser, cancel)).Mounts;
    }

    public async Task<IReadOnlyList<Types.Mount>> SnapshotMounts(string key, CancellationToken cancel) =>
        (await Grpc.Unary("containerd.services.snapshots.v1.Snapshots/Mounts", new Snapshots.MountsRequest { Snapshotter = Snapshotter, Key = key }, Snapshots.MountsResponse.Parser, cancel)).Mounts;

    public async Task<bool> SnapshotExists(string key, CancellationToken cancel) =>
        await Found(Grpc.Unary("containerd.services.snapshots.v1.Snapshots/Stat", new Snapshots.StatSnapshotRequest { Snapshotter = Snapshotter, Key = key }, Snapshots.StatSnapshotResponse.Parser, cancel)) is not null;

    /// <summary>Bytes on disk of one snapshot; 0 when it is not there.</summary>
    public async Task<long> SnapshotUsage(string key, CancellationToken cancel) =>
        (await Found(Grpc.Unary("containerd.services.snapshots.v1.Snapshots/Usage", new Snapshots.UsageRequest { Snapshotter = Snapshotter, Key = key }, Snapshots.UsageResponse.Parser, cancel)))?.Size ?? 0;

    public async Task RemoveSnapshot(string key, CancellationToken cancel) =>
        await Found(Grpc.Unary("containerd.services.snapshots.v1.Snapshots/Remove", new Snapshots.RemoveSnapshotRequest { Snapshotter = Snapshotter, Key = key }, Empty.Parser, cancel));

    public async Task CommitSnapshot(string name, string key, CancellationToken cancel)
    {
        try
        {
            await Grpc.Unary("containerd.services.snapshots.v1.Snapshots/Commit", new Snapshots.CommitSnapshotRequest { Snapshotter = Snapshotter, Name = name, Key = key }, Empty.Parser, cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            await RemoveSnapshot(key, cancel);
        }
    }

    /// <summary>Unpacks a layer blob onto mounts.</summary>
    public async Task Apply(Types.ContentDescriptor layer, IReadOnlyList<Types.Mount> mounts, CancellationToken cancel) =>
        await Grpc.Unary("containerd.services.diff.v1.Diff/Apply", new Rpc.Diff.ApplyRequest { Diff = layer, Mounts = { mounts } }, Rpc.Diff.ApplyResponse.Parser, cancel);

    // Containers and tasks

    public async Task CreateContainer(RpcContainers.Container container, CancellationToken cancel) =>
        await Grpc.Unary("containerd.services.containers.v1.Containers/Create", new RpcContainers.CreateContainerRequest { Container = container }, RpcContainers.CreateContainerResponse.Parser, cancel);

    public async Task DeleteContainer(string id, CancellationToken cancel) =>
        await Found(Grpc.Unary("containerd.services.containers.v1.Containers/Delete", new RpcContainers.DeleteContainerRequest { Id = id }, Empty.Parser, cancel));

    public async Task<int> CreateTask(Tasks.CreateTaskRequest request, CancellationToken cancel) =>
        (int)(await Grpc.Unary("containerd.services.tasks.v1.Tasks/Create", request, Tasks.CreateTaskResponse.Parser, cancel)).Pid;

    public async Task<int> Start(string id, string execId, CancellationToken cancel) =>
        (int)(await Grpc.Unary("containerd.services.tasks.v1.Tasks/Start", new Tasks.StartRequest { ContainerId = id, ExecId = execId }, Tasks.StartResponse.Parser, cancel)).Pid;

    public Task<Tasks.WaitResponse> Wait(string id, string execId, CancellationToken cancel) =>
        Grpc.Unary("containerd.services.tasks.v1.Tasks/Wait", new Tasks.WaitRequest { ContainerId = id, ExecId = execId }, Tasks.WaitResponse.Parser, cancel);

    public async Task<Types.Process?> TryTask(string id, string execId, CancellationToken cancel) =>
        (await Found(Grpc.Unary("containerd.services.tasks.v1.Tasks/Get", new Tasks.GetRequest { ContainerId = id, ExecId = execId }, Tasks.GetResponse.Parser, cancel)))?.Process;

    public async Task<IReadOnlyList<Types.Process>> ListTasks(CancellationToken cancel) =>
        (await Grpc.Unary("containerd.services.tasks.v1.Tasks/List", new Tasks.ListTasksRequest(), Tasks.ListTasksResponse.Parser, cancel)).Tasks;

    public async Task<Tasks.DeleteResponse?> DeleteTask(string id, CancellationToken cancel) =>
        await Found(Grpc.Unary("containerd.services.tasks.v1.Tasks/Delete", new Tasks.DeleteTaskRequest { ContainerId = id }, Tasks.DeleteResponse.Parser, cancel));

    public async Task DeleteProcess(string id, string execId, CancellationToken cancel) =>
        await Found(Grpc.Unary("containerd.services.tasks.v1.Tasks/DeleteProcess", new Tasks.DeleteProcessRequest { ContainerId = id, ExecId = execId }, Tasks.DeleteResponse.Parser, cancel));

    public Task Kill(string id, string execId, int signal, bool all, CancellationToken cancel) =>
        Grpc.Unary("containerd.services.tasks.v1.Tasks/Kill", new Tasks.KillRequest { ContainerId = id, ExecId = execId, Signal = (uint)signal, All = all }, Empty.Parser, cancel);

    public Task Exec(Tasks.ExecProcessRequest request, CancellationToken cancel) =>
        Grpc.Unary("containerd.services.tasks.v1.Tasks/Exec", request, Empty.Parser, cancel);

    public Task Resize(string id, string execId, uint width, uint height, CancellationToken cancel) =>
        Grpc.Unary("containerd.services.tasks.v1.Tasks/ResizePty", new Tasks.ResizePtyRequest { ContainerId = id, ExecId = execId, Width = width, Height = height }, Empty.Parser, cancel);

    public async Task CloseStdin(string id, string execId, CancellationToken cancel) =>
        await Found(Grpc.Unary("containerd.services.tasks.v1.Tasks/CloseIO", new Tasks.CloseIORequest { ContainerId = id, ExecId = execId, Stdin = true }, Empty.Parser, cancel));

    public Task Pause(string id, CancellationToken cancel) =>
        Grpc.Unary("containerd.services.tasks.v1.Tasks/Pause", new Tasks.PauseTaskRequest { ContainerId = id }, Empty.Parser, cancel);

    public Task Resume(string id, CancellationToken cancel) =>
        Grpc.Unary("containerd.services.tasks.v1.Tasks/Resume", new Tasks.ResumeTaskRequest { ContainerId = id }, Empty.Parser, cancel);

    public Task Update(string id, ByteString resources, CancellationToken cancel) =>
        Grpc.Unary("containerd.services.tasks.v1.Tasks/Update", new Tasks.UpdateTaskRequest { ContainerId = id, Resources = new Any { TypeUrl = ResourcesType, Value = resources } }, Empty.Parser, cancel);

    public async Task<IReadOnlyList<int>> Pids(string id, CancellationToken cancel) =>
        [.. (await Grpc.Unary("containerd.services.tasks.v1.Tasks/ListPids", new Tasks.ListPidsRequest { ContainerId = id }, Tasks.ListPidsResponse.Parser, cancel)).Processes.Select(process => (int)process.Pid)];

    public void Dispose() => Grpc.Dispose();

    private const string GcRoot = "containerd.io/gc.root";

    private static string Now() => DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<T?> Found<T>(Task<T> call)
        where T : class
    {
        try
        {
            return await call;
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
            return null;
        }
    }

    private static async Task Skip(Stream source, long count, CancellationToken cancel)
    {
        if (source.CanSeek)
        {
            source.Seek(count, SeekOrigin.Current);
            return;
        }

        var buffer = new byte[64 * 1024];
        while (count > 0)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, count)), cancel);
            if (read == 0)
                return;
            count -= read;
        }
    }
}
