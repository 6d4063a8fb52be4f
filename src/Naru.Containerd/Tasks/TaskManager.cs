using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Rpc.Events;
using Naru.Rpc.Shim;
using Naru.Rpc.Ttrpc;
using Naru.Rpc.Types;

namespace Naru.Containerd;

/// <summary>The tasks: starts shims, finds those that run already, and notices when one dies.</summary>
/// <remarks>Shims outlive this daemon: nothing here ends them but a delete. Their state is theirs; only the connections are kept.</remarks>
/// <param name="flush">Makes the metadata durable: what a container writes must not outlive the row of the snapshot it writes to.</param>
public sealed class TaskManager(string state, string daemonAddress, EventExchange events, Action flush)
{
    private const uint KilledStatus = 137;
    private const string CreateFailed = "failed to create shim task: ";
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CleanLimit = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<(string Namespace, string Id), ShimTask> tasks = new();
    private readonly ConcurrentDictionary<(string Namespace, string Id), byte> creating = new();

    /// <exception cref="NaruException">NotFound.</exception>
    public ShimTask Get(Scope scope, string id) => tasks.TryGetValue((scope.Namespace, id), out var task)
        ? task
        : throw NaruException.NotFound($"task {id} not found");

    public IReadOnlyList<ShimTask> List(Scope scope) => [.. tasks.Where(t => t.Key.Namespace == scope.Namespace).OrderBy(t => t.Key.Id, StringComparer.Ordinal).Select(t => t.Value)];

    /// <summary>Starts a shim for the container and creates its init process.</summary>
    /// <param name="runtime">The runtime's name or the shim's path.</param>
    /// <param name="request">For the shim; its bundle is filled in here.</param>
    public async Task<ShimTask> Create(Scope scope, ContainerRecord container, string runtime, CreateTaskRequest request, CancellationToken cancel)
    {
        var key = (scope.Namespace, container.Id);
        if (tasks.ContainsKey(key) || !creating.TryAdd(key, 0))
            throw NaruException.Exists($"task {container.Id}: already exists");
        try
        {
            var binary = new ShimBinary(ShimBinary.Resolve(runtime), daemonAddress);
            var bundle = Bundle.Create(state, scope.Namespace, container.Id, container.Spec!.Value.Span, binary.BinaryPath);
            request.Id = container.Id;
            request.Bundle = bundle.Folder;
            var task = await StartShim(bundle, binary, request, cancel);
            tasks[key] = task;
            _ = Watch(task);
            return task;
        }
        finally
        {
            creating.TryRemove(key, out _);
        }
    }

    /// <summary>Deletes a stopped task: its init process, its shim, its bundle.</summary>
    /// <exception cref="NaruException">FailedPrecondition: it runs.</exception>
    public async Task<DeleteResponse> Delete(Scope scope, string id, CancellationToken cancel)
    {
        // The client's going away changes nothing once the shim is asked: of half a delete a shim without a process would stay.
        cancel.ThrowIfCancellationRequested();
        var task = Get(scope, id);
        var response = await task.Call("Delete", new DeleteRequest { Id = id }, DeleteResponse.Parser, CancellationToken.None);
        if (!task.TryEnd())
            return response;
        await task.Shutdown(ConnectLimit);
        tasks.TryRemove((scope.Namespace, id), out _);
        await task.DisposeAsync();
        task.Bundle.Delete();
        return response;
    }

    /// <summary>Waits for a process' end; a shim that dies is an end, too.</summary>
    public async Task<WaitResponse> Wait(Scope scope, string id, string execId, CancellationToken cancel)
    {
        var task = Get(scope, id);
        try
        {
            return await task.Call("Wait", new WaitRequest { Id = id, ExecId = execId }, WaitResponse.Parser, cancel);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.Unavailable || task.IsEnding)
        {
            var end = await task.Died.Task.WaitAsync(CleanLimit, cancel);
            return new WaitResponse { ExitStatus = end.ExitStatus, ExitedAt = end.ExitedAt };
        }
    }

    /// <summary>After a restart: connects to the shims that run, all at once, and cleans up after those that do not.</summary>
    public Task Restore(CancellationToken cancel) => Task.WhenAll(Bundle.All(state).Select(bundle => Restore(bundle, cancel)));

    private async Task Restore(Bundle bundle, CancellationToken cancel)
    {
        var binary = bundle.ReadBinary() is { } path ? new ShimBinary(path, daemonAddress) : null;
        try
        {
            if (binary is not null && bundle.ReadBootstrap() is { } address)
            {
                var task = await Connect(bundle, binary, address, cancel);
                var connected = await task.Call("Connect", new ConnectRequest { Id = bundle.Id }, ConnectResponse.Parser, cancel).WaitAsync(ConnectLimit, cancel);
                task.Pid = connected.TaskPid;
                tasks[(bundle.Namespace, bundle.Id)] = task;
                _ = Watch(task);
                return;
            }
        }
        catch (Exception e) when (e is NaruException or TimeoutException or IOException)
        {
            Log.Warn($"shim {bundle.Id} in {bundle.Namespace} is gone: {e.Message}");
        }

        await CleanUp(bundle, binary, 0);
    }

    private async Task<ShimTask> StartShim(Bundle bundle, ShimBinary binary, CreateTaskRequest request, CancellationToken cancel)
    {
        ShimTask? task = null;
        var durable = Task.Run(flush, CancellationToken.None);
        try
        {
            task = await Connect(bundle, binary, await binary.Start(bundle, request.Options, cancel), cancel);
            await durable;
            task.Pid = (await task.Call("Create", request, CreateTaskResponse.Parser, cancel)).Pid;
            return task;
        }
        catch (NaruException e) when (task is not null && !e.Message.StartsWith(CreateFailed, StringComparison.Ordinal))
        {
            await Abandon(bundle, binary, task, e);
            throw new NaruException(e.Kind, CreateFailed + e.Message, e) { Errno = e.Errno };
        }
        catch (Exception e)
        {
            await Abandon(bundle, binary, task, e);
            throw;
        }
    }

    /// <summary>A task that could not be made: its shim and its bundle go.</summary>
    private static async Task Abandon(Bundle bundle, ShimBinary binary, ShimTask? task, Exception reason)
    {
        Log.Debug($"task {bundle.Id}: {reason.Message}; shim's log: {bundle.ReadLog()}");
        if (task is not null)
        {
            await task.Shutdown(ConnectLimit);
            await task.DisposeAsync();
        }

        await RunDelete(bundle, binary);
        bundle.Delete();
    }

    private static async Task<ShimTask> Connect(Bundle bundle, ShimBinary binary, ShimAddress address, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(ConnectLimit);
        return new ShimTask(bundle, binary, address, await TtrpcClient.ConnectAsync(address.Address, limit.Token));
    }

    /// <summary>The connection's end without a delete is the shim's death, and at once the container's.</summary>
    private async Task Watch(ShimTask task)
    {
        await task.Disconnected;
        if (!task.TryEnd())
            return;
        try
        {
            Log.Warn($"shim of {task.Bundle.Id} in {task.Bundle.Namespace} died");
            var end = await CleanUp(task.Bundle, task.Binary, task.Pid);
            tasks.TryRemove((task.Bundle.Namespace, task.Bundle.Id), out _);
            task.Died.TrySetResult(end);
        }
        catch (Exception e)
        {
            Log.Error($"task {task.Bundle.Id}: clean-up after its shim: {e.Message}");
            task.Died.TrySetResult(Killed(task.Pid));
        }
    }

    /// <summary>What is left when a shim died: its delete action, the exit told to all, the bundle gone.</summary>
    private async Task<DeleteResponse> CleanUp(Bundle bundle, ShimBinary? binary, uint pid)
    {
        var end = binary is null ? Killed(pid) : await RunDelete(bundle, binary) ?? Killed(pid);
        if (end.Pid == 0)
            end.Pid = pid;
        end.ExitedAt ??= Timestamp.FromDateTime(DateTime.UtcNow);
        tasks.TryRemove((bundle.Namespace, bundle.Id), out _);
        bundle.Delete();
        events.Publish(bundle.Namespace, "/tasks/exit", new TaskExit { ContainerId = bundle.Id, Id = bundle.Id, Pid = end.Pid, ExitStatus = end.ExitStatus, ExitedAt = end.ExitedAt });
        events.Publish(bundle.Namespace, "/tasks/delete", new TaskDelete { ContainerId = bundle.Id, Pid = end.Pid, ExitStatus = end.ExitStatus, ExitedAt = end.ExitedAt });
        return end;
    }

    private static async Task<DeleteResponse?> RunDelete(Bundle bundle, ShimBinary binary)
    {
        try
        {
            using var limit = new CancellationTokenSource(CleanLimit);
            return await binary.Delete(bundle, limit.Token);
        }
        catch (Exception e) when (e is NaruException or IOException or System.ComponentModel.Win32Exception or Google.Protobuf.InvalidProtocolBufferException)
        {
            Log.Warn($"task {bundle.Id}: {e.Message}");
            return null;
        }
    }

    private static DeleteResponse Killed(uint pid) => new() { Pid = pid, ExitStatus = KilledStatus, ExitedAt = Timestamp.FromDateTime(DateTime.UtcNow) };
}
