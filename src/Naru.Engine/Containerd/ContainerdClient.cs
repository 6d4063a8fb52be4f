using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Oci;
using Naru.Rpc.Grpc;
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
public sealed partial class ContainerdClient(string socketPath) : IDisposable
{
    public const string Namespace = "moby";
    public const string Snapshotter = "overlayfs";
    public const string SpecType = "types.containerd.io/opencontainers/runtime-spec/1/Spec";
    public const string ProcessType = "types.containerd.io/opencontainers/runtime-spec/1/Process";
    public const string ResourcesType = "types.containerd.io/opencontainers/runtime-spec/1/LinuxResources";

    private readonly GrpcChannel channel = new(socketPath);

    /// <summary>Every event of containerd's, until <paramref name="cancel"/>.</summary>
    public IAsyncEnumerable<Types.Envelope> Events(string filter, CancellationToken cancel) =>
        Stream(ContainerdApi.Events.Subscribe, new Rpc.EventService.SubscribeRequest { Filters = { $"namespace=={Namespace},{filter}" } }, cancel);

    /// <summary>Makes the namespace; one that exists is fine. Unavailable: containerd is not up yet.</summary>
    public async Task MakeNamespace(CancellationToken cancel)
    {
        try
        {
            await Call(ContainerdApi.Namespaces.Create,
                new Namespaces.CreateNamespaceRequest { Namespace = new Namespaces.Namespace { Name = Namespace } }, cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
        }
    }

    // Content

    public async Task<byte[]> ReadContent(Digest digest, CancellationToken cancel)
    {
        var bytes = new MemoryStream();
        await foreach (var part in Stream(ContainerdApi.Content.Read, new Content.ReadContentRequest { Digest = digest.ToString() }, cancel))
            bytes.Write(part.Data.Span);
        return bytes.ToArray();
    }

    public IAsyncEnumerable<Content.ReadContentResponse> StreamContent(Digest digest, CancellationToken cancel) =>
        Stream(ContainerdApi.Content.Read, new Content.ReadContentRequest { Digest = digest.ToString() }, cancel);

    /// <summary>Facts of a blob, or null when it is not there.</summary>
    public async Task<Content.Info?> TryContentInfo(Digest digest, CancellationToken cancel) =>
        (await Found(Call(ContainerdApi.Content.Info, new Content.InfoRequest { Digest = digest.ToString() }, cancel)))?.Info;

    /// <summary>Stores a blob; one that is there already is fine.</summary>
    /// <param name="expected">Empty where it is not known before.</param>
    /// <returns>Its digest.</returns>
    public async Task<Digest> WriteContent(Digest expected, long size, Stream source, IReadOnlyDictionary<string, string>? labels, CancellationToken cancel)
    {
        await using var call = channel.Duplex(ContainerdApi.Content.Write, Options, cancel);
        var reference = expected.IsEmpty ? $"naru-{Guid.NewGuid():N}" : $"naru-{expected}";
        using var hash = expected.IsEmpty ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;
        try
        {
            await call.WriteAsync(new Content.WriteContentRequest { Action = Content.WriteAction.Stat, Ref = reference, Total = size, Expected = expected.ToString() });
            var status = await call.ReadAsync();
            var offset = status?.Offset ?? 0;
            if (offset > 0)
                await Skip(source, offset, cancel);
            var buffer = new byte[256 * 1024];
            int count;
            while ((count = await source.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel)) > 0)
            {
                hash?.AppendData(buffer, 0, count);
                await call.WriteAsync(new Content.WriteContentRequest { Action = Content.WriteAction.Write, Ref = reference, Offset = offset, Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) });
                await call.ReadAsync();
                offset += count;
            }

            if (hash is not null)
                expected = Digest.FromHash(hash.GetHashAndReset());
            var commit = new Content.WriteContentRequest { Action = Content.WriteAction.Commit, Ref = reference, Offset = offset, Total = size, Expected = expected.ToString() };
            foreach (var (name, value) in labels ?? new Dictionary<string, string>())
                commit.Labels[name] = value;
            await call.WriteAsync(commit);
            await call.ReadAsync();
            call.Complete();
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            if (labels is not null)
                await LabelContent(expected, labels, cancel);
        }

        return expected;
    }

    public async Task LabelContent(Digest digest, IReadOnlyDictionary<string, string> labels, CancellationToken cancel)
    {
        var request = new Content.UpdateRequest { Info = new Content.Info { Digest = digest.ToString() }, UpdateMask = new FieldMask() };
        foreach (var (name, value) in labels)
        {
            request.Info.Labels[name] = value;
            request.UpdateMask.Paths.Add("labels." + name);
        }

        await Call(ContainerdApi.Content.Update, request, cancel);
    }

    // Images

    public async Task<IReadOnlyList<RpcImages.Image>> ListImages(CancellationToken cancel) =>
        (await Call(ContainerdApi.Images.List, new RpcImages.ListImagesRequest(), cancel)).Images;

    public async Task<RpcImages.Image?> TryImage(string name, CancellationToken cancel) =>
        (await Found(Call(ContainerdApi.Images.Get, new RpcImages.GetImageRequest { Name = name }, cancel)))?.Image;

    /// <summary>Gives an image a name, taking it from another image if need be.</summary>
    public async Task PutImage(string name, Types.ContentDescriptor target, IReadOnlyDictionary<string, string>? labels, CancellationToken cancel)
    {
        var image = new RpcImages.Image { Name = name, Target = target };
        foreach (var (key, value) in labels ?? new Dictionary<string, string>())
            image.Labels[key] = value;
        try
        {
            await Call(ContainerdApi.Images.Create, new RpcImages.CreateImageRequest { Image = image }, cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            await Call(ContainerdApi.Images.Update, new RpcImages.UpdateImageRequest { Image = image, UpdateMask = new FieldMask { Paths = { "target", "labels" } } }, cancel);
        }
    }

    /// <param name="target">The name's own; it stays. containerd 2.1 dies of an update without one.</param>
    public async Task LabelImage(string name, Types.ContentDescriptor target, string label, string value, CancellationToken cancel)
    {
        var image = new RpcImages.Image { Name = name, Target = target, Labels = { [label] = value } };
        await Call(ContainerdApi.Images.Update, new RpcImages.UpdateImageRequest { Image = image, UpdateMask = new FieldMask { Paths = { "labels." + label } } }, cancel);
    }

    /// <summary>Has a name point to something else; its labels stay.</summary>
    public Task RetargetImage(string name, Types.ContentDescriptor target, CancellationToken cancel) =>
        Call(ContainerdApi.Images.Update, new RpcImages.UpdateImageRequest { Image = new RpcImages.Image { Name = name, Target = target }, UpdateMask = new FieldMask { Paths = { "target" } } }, cancel);

    /// <param name="sync">Waits for the garbage collection that frees what no image holds any more.</param>
    public Task DeleteImage(string name, bool sync, CancellationToken cancel) =>
        Call(ContainerdApi.Images.Delete, new RpcImages.DeleteImageRequest { Name = name, Sync = sync }, cancel);

    // Leases

    /// <summary>Makes a lease that ends by itself after a day, should it be forgotten.</summary>
    public async Task<string> CreateLease(CancellationToken cancel)
    {
        var request = new Leases.CreateRequest { Id = "naru-" + Guid.NewGuid().ToString("N"), Labels = { ["containerd.io/gc.expire"] = DateTime.UtcNow.AddDays(1).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture) } };
        return (await Call(ContainerdApi.Leases.Create, request, cancel)).Lease.Id;
    }

    /// <param name="sync">Waits for the garbage collection that frees what only the lease held.</param>
    public async Task DeleteLease(string id, CancellationToken cancel, bool sync = false) =>
        await Found(Call(ContainerdApi.Leases.Delete, new Leases.DeleteRequest { Id = id, Sync = sync }, cancel));

    // Snapshots

    public async Task<IReadOnlyList<Types.Mount>> Prepare(string key, string parent, bool view, CancellationToken cancel)
    {
        // A root label: no garbage collection takes a container's snapshot.
        if (view)
        {
            return (await Call(ContainerdApi.Snapshots.View, new Snapshots.ViewSnapshotRequest { Snapshotter = Snapshotter, Key = key, Parent = parent, Labels = { [GcRoot] = Now() } }, cancel)).Mounts;
        }

        return (await Call(ContainerdApi.Snapshots.Prepare, new Snapshots.PrepareSnapshotRequest { Snapshotter = Snapshotter, Key = key, Parent = parent, Labels = { [GcRoot] = Now() } }, cancel)).Mounts;
    }

    public async Task<IReadOnlyList<Types.Mount>> SnapshotMounts(string key, CancellationToken cancel) =>
        (await Call(ContainerdApi.Snapshots.Mounts, new Snapshots.MountsRequest { Snapshotter = Snapshotter, Key = key }, cancel)).Mounts;

    public async Task<bool> SnapshotExists(string key, CancellationToken cancel) =>
        await Found(Call(ContainerdApi.Snapshots.Stat, new Snapshots.StatSnapshotRequest { Snapshotter = Snapshotter, Key = key }, cancel)) is not null;

    /// <summary>Bytes of one snapshot's own; null when it is not there.</summary>
    public async Task<long?> TrySnapshotUsage(string key, CancellationToken cancel) =>
        (await Found(Call(ContainerdApi.Snapshots.Usage, new Snapshots.UsageRequest { Snapshotter = Snapshotter, Key = key }, cancel)))?.Size;

    /// <summary>As <see cref="TrySnapshotUsage"/>; 0 when it is not there.</summary>
    public async Task<long> SnapshotUsage(string key, CancellationToken cancel) => await TrySnapshotUsage(key, cancel) ?? 0;

    public async Task RemoveSnapshot(string key, CancellationToken cancel) =>
        await Found(Call(ContainerdApi.Snapshots.Remove, new Snapshots.RemoveSnapshotRequest { Snapshotter = Snapshotter, Key = key }, cancel));

    public async Task CommitSnapshot(string name, string key, CancellationToken cancel)
    {
        try
        {
            await Call(ContainerdApi.Snapshots.Commit, new Snapshots.CommitSnapshotRequest { Snapshotter = Snapshotter, Name = name, Key = key }, cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            await RemoveSnapshot(key, cancel);
        }
    }

    /// <summary>Unpacks a layer blob onto mounts, and waits until it is safe on disk: its snapshot must never outlive its files.</summary>
    /// <returns>The layer's diff id.</returns>
    public async Task<string> Apply(Types.ContentDescriptor layer, IReadOnlyList<Types.Mount> mounts, CancellationToken cancel) =>
        (await Call(ContainerdApi.Diff.Apply, new Rpc.Diff.ApplyRequest { Diff = layer, Mounts = { mounts }, SyncFs = true }, cancel)).Applied.Digest;

    // Containers and tasks

    public async Task CreateContainer(RpcContainers.Container container, CancellationToken cancel) =>
        await Call(ContainerdApi.Containers.Create, new RpcContainers.CreateContainerRequest { Container = container }, cancel);

    public async Task DeleteContainer(string id, CancellationToken cancel) =>
        await Found(Call(ContainerdApi.Containers.Delete, new RpcContainers.DeleteContainerRequest { Id = id }, cancel));

    public async Task<int> CreateTask(Tasks.CreateTaskRequest request, CancellationToken cancel) =>
        (int)(await Call(ContainerdApi.Tasks.Create, request, cancel)).Pid;

    public async Task<int> Start(string id, string execId, CancellationToken cancel) =>
        (int)(await Call(ContainerdApi.Tasks.Start, new Tasks.StartRequest { ContainerId = id, ExecId = execId }, cancel)).Pid;

    public Task<Tasks.WaitResponse> Wait(string id, string execId, CancellationToken cancel) =>
        Call(ContainerdApi.Tasks.Wait, new Tasks.WaitRequest { ContainerId = id, ExecId = execId }, cancel);

    public async Task<Types.Process?> TryTask(string id, string execId, CancellationToken cancel) =>
        (await Found(Call(ContainerdApi.Tasks.Get, new Tasks.GetRequest { ContainerId = id, ExecId = execId }, cancel)))?.Process;

    public async Task<IReadOnlyList<Types.Process>> ListTasks(CancellationToken cancel) =>
        (await Call(ContainerdApi.Tasks.List, new Tasks.ListTasksRequest(), cancel)).Tasks;

    public async Task<Tasks.DeleteResponse?> DeleteTask(string id, CancellationToken cancel) =>
        await Found(Call(ContainerdApi.Tasks.Delete, new Tasks.DeleteTaskRequest { ContainerId = id }, cancel));

    public async Task DeleteProcess(string id, string execId, CancellationToken cancel) =>
        await Found(Call(ContainerdApi.Tasks.DeleteProcess, new Tasks.DeleteProcessRequest { ContainerId = id, ExecId = execId }, cancel));

    public Task Kill(string id, string execId, int signal, bool all, CancellationToken cancel) =>
        Call(ContainerdApi.Tasks.Kill, new Tasks.KillRequest { ContainerId = id, ExecId = execId, Signal = (uint)signal, All = all }, cancel);

    public Task Exec(Tasks.ExecProcessRequest request, CancellationToken cancel) =>
        Call(ContainerdApi.Tasks.Exec, request, cancel);

    public Task Resize(string id, string execId, uint width, uint height, CancellationToken cancel) =>
        Call(ContainerdApi.Tasks.ResizePty, new Tasks.ResizePtyRequest { ContainerId = id, ExecId = execId, Width = width, Height = height }, cancel);

    public async Task CloseStdin(string id, string execId, CancellationToken cancel) =>
        await Found(Call(ContainerdApi.Tasks.CloseIO, new Tasks.CloseIORequest { ContainerId = id, ExecId = execId, Stdin = true }, cancel));

    public Task Pause(string id, CancellationToken cancel) =>
        Call(ContainerdApi.Tasks.Pause, new Tasks.PauseTaskRequest { ContainerId = id }, cancel);

    public Task Resume(string id, CancellationToken cancel) =>
        Call(ContainerdApi.Tasks.Resume, new Tasks.ResumeTaskRequest { ContainerId = id }, cancel);

    public Task Update(string id, ByteString resources, CancellationToken cancel) =>
        Call(ContainerdApi.Tasks.Update, new Tasks.UpdateTaskRequest { ContainerId = id, Resources = new Any { TypeUrl = ResourcesType, Value = resources } }, cancel);

    public async Task<IReadOnlyList<int>> Pids(string id, CancellationToken cancel) =>
        (await Call(ContainerdApi.Tasks.ListPids, new Tasks.ListPidsRequest { ContainerId = id }, cancel)).Processes.ToList().ConvertAll(process => (int)process.Pid);

    public void Dispose() => channel.Dispose();

    private static GrpcOptions Options => new(Namespace, GrpcLease.Current);

    private Task<TResponse> Call<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => channel.CallAsync(method, request, Options, cancel);

    private IAsyncEnumerable<TResponse> Stream<TRequest, TResponse>(GrpcMethod<TRequest, TResponse> method, TRequest request, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> => channel.StreamAsync(method, request, Options, cancel);

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
