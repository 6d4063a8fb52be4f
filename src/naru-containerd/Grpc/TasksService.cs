using Google.Protobuf.WellKnownTypes;
using Naru.Base;
using Naru.Containerd;
using Naru.Rpc.Tasks;
using Naru.Rpc.Types;
using Shim = Naru.Rpc.Shim;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.tasks.v1: each call is passed to the task's shim.</summary>
internal sealed class TasksService(TaskManager tasks, ContainerStore containers)
{
    private const string Service = "containerd.services.tasks.v1.Tasks/";

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Create", CreateTaskRequest.Parser, Create);
        router.Unary(Service + "Start", StartRequest.Parser, async (call, request) =>
        {
            var started = await Task(call, request.ContainerId).Call("Start", new Shim.StartRequest { Id = request.ContainerId, ExecId = request.ExecId }, Shim.StartResponse.Parser, call.Cancel);
            return new StartResponse { Pid = started.Pid };
        });
        router.Unary(Service + "Delete", DeleteTaskRequest.Parser, async (call, request) =>
        {
            var end = await tasks.Delete(call.Scope, request.ContainerId, call.Cancel);
            return new DeleteResponse { Id = request.ContainerId, Pid = end.Pid, ExitStatus = end.ExitStatus, ExitedAt = end.ExitedAt };
        });
        router.Unary(Service + "DeleteProcess", DeleteProcessRequest.Parser, async (call, request) =>
        {
            var end = await Task(call, request.ContainerId).Call("Delete", new Shim.DeleteRequest { Id = request.ContainerId, ExecId = request.ExecId }, Shim.DeleteResponse.Parser, call.Cancel);
            return new DeleteResponse { Id = request.ExecId, Pid = end.Pid, ExitStatus = end.ExitStatus, ExitedAt = end.ExitedAt };
        });
        router.Unary(Service + "Get", GetRequest.Parser, async (call, request) =>
            new GetResponse { Process = await State(Task(call, request.ContainerId), request.ExecId, call.Cancel) });
        router.Unary(Service + "List", ListTasksRequest.Parser, List);
        router.Unary(Service + "Wait", WaitRequest.Parser, async (call, request) =>
        {
            var end = await tasks.Wait(call.Scope, request.ContainerId, request.ExecId, call.Cancel);
            return new WaitResponse { ExitStatus = end.ExitStatus, ExitedAt = end.ExitedAt };
        });
        router.Unary(Service + "ListPids", ListPidsRequest.Parser, async (call, request) =>
        {
            var pids = await Task(call, request.ContainerId).Call("Pids", new Shim.PidsRequest { Id = request.ContainerId }, Shim.PidsResponse.Parser, call.Cancel);
            var response = new ListPidsResponse();
            response.Processes.Add(pids.Processes);
            return response;
        });
        router.Unary(Service + "Metrics", MetricsRequest.Parser, Metrics);
        router.UnaryAsync(Service + "Checkpoint", CheckpointTaskRequest.Parser, (_, _) =>
            throw new NaruException(ErrorKind.Unimplemented, "checkpoint: not implemented"));
        MapSignals(router);
    }

    private void MapSignals(GrpcRouter router)
    {
        Pass(router, "Kill", KillRequest.Parser, r => (r.ContainerId, new Shim.KillRequest { Id = r.ContainerId, ExecId = r.ExecId, Signal = r.Signal, All = r.All }));
        Pass(router, "Exec", ExecProcessRequest.Parser, r =>
        {
            Identifiers.Validate(r.ExecId);
            return (r.ContainerId, new Shim.ExecProcessRequest
            {
                Id = r.ContainerId,
                ExecId = r.ExecId,
                Terminal = r.Terminal,
                Stdin = r.Stdin,
                Stdout = r.Stdout,
                Stderr = r.Stderr,
                Spec = r.Spec,
            });
        });
        Pass(router, "ResizePty", ResizePtyRequest.Parser, r => (r.ContainerId, new Shim.ResizePtyRequest { Id = r.ContainerId, ExecId = r.ExecId, Width = r.Width, Height = r.Height }));
        Pass(router, "CloseIO", CloseIORequest.Parser, r => (r.ContainerId, new Shim.CloseIORequest { Id = r.ContainerId, ExecId = r.ExecId, Stdin = r.Stdin }));
        Pass(router, "Pause", PauseTaskRequest.Parser, r => (r.ContainerId, new Shim.PauseRequest { Id = r.ContainerId }));
        Pass(router, "Resume", ResumeTaskRequest.Parser, r => (r.ContainerId, new Shim.ResumeRequest { Id = r.ContainerId }));
        Pass(router, "Update", UpdateTaskRequest.Parser, r =>
        {
            var update = new Shim.UpdateTaskRequest { Id = r.ContainerId, Resources = r.Resources };
            Wire.Copy(r.Annotations, update.Annotations);
            return (r.ContainerId, update);
        });
    }

    private void Pass<TRequest>(GrpcRouter router, string method, Google.Protobuf.MessageParser<TRequest> parser, Func<TRequest, (string Id, Google.Protobuf.IMessage Message)> translate)
        where TRequest : class, Google.Protobuf.IMessage<TRequest> =>
        router.UnaryAsync(Service + method, parser, (call, request) =>
        {
            var (id, message) = translate(request);
            return Task(call, id).Call(method, message, call.Cancel);
        });

    private async Task<Google.Protobuf.IMessage> Create(GrpcCall call, CreateTaskRequest request)
    {
        var container = containers.Get(call.Scope, request.ContainerId);
        if (request.Checkpoint is not null && request.Checkpoint.Digest.Length > 0)
            throw new NaruException(ErrorKind.Unimplemented, "restore from a checkpoint: not implemented");
        var create = new Shim.CreateTaskRequest
        {
            Terminal = request.Terminal,
            Stdin = request.Stdin,
            Stdout = request.Stdout,
            Stderr = request.Stderr,
            Options = request.Options ?? container.RuntimeOptions,
        };
        create.Rootfs.Add(request.Rootfs);
        var runtime = request.RuntimePath.Length > 0 ? request.RuntimePath : container.Runtime;
        var task = await tasks.Create(call.Scope, container, runtime, create, call.Cancel);
        return new CreateTaskResponse { ContainerId = request.ContainerId, Pid = task.Pid };
    }

    private async Task<Google.Protobuf.IMessage> List(GrpcCall call, ListTasksRequest request)
    {
        var filter = Filter.Parse(request.Filter.Length > 0 ? [request.Filter] : []);
        var matching = tasks.List(call.Scope).Where(t => filter.Matches(path => path[0] == "id" ? t.Bundle.Id : null));
        var processes = await System.Threading.Tasks.Task.WhenAll(matching.Select(task => TryState(task, call.Cancel)));
        var response = new ListTasksResponse();
        response.Tasks.Add(processes.OfType<Process>());
        return response;
    }

    private async Task<Google.Protobuf.IMessage> Metrics(GrpcCall call, MetricsRequest request)
    {
        var filter = Filter.Parse(request.Filters);
        var response = new MetricsResponse();
        foreach (var task in tasks.List(call.Scope))
        {
            if (!filter.Matches(path => path[0] switch { "id" => task.Bundle.Id, "namespace" => task.Bundle.Namespace, _ => null }))
                continue;
            var stats = await task.Call("Stats", new Shim.StatsRequest { Id = task.Bundle.Id }, Shim.StatsResponse.Parser, call.Cancel);
            response.Metrics.Add(new Metric { Timestamp = Timestamp.FromDateTime(DateTime.UtcNow), Id = task.Bundle.Id, Data = stats.Stats });
        }

        return response;
    }

    /// <summary>A task that goes while the list is made is simply not on it.</summary>
    private static async Task<Process?> TryState(ShimTask task, CancellationToken cancel)
    {
        try
        {
            return await State(task, string.Empty, cancel);
        }
        catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Unavailable)
        {
            return null;
        }
    }

    private static async Task<Process> State(ShimTask task, string execId, CancellationToken cancel)
    {
        var state = await task.Call("State", new Shim.StateRequest { Id = task.Bundle.Id, ExecId = execId }, Shim.StateResponse.Parser, cancel);
        return new Process
        {
            ContainerId = task.Bundle.Id,
            Id = execId.Length > 0 ? execId : task.Bundle.Id,
            Pid = state.Pid,
            Status = state.Status,
            Stdin = state.Stdin,
            Stdout = state.Stdout,
            Stderr = state.Stderr,
            Terminal = state.Terminal,
            ExitStatus = state.ExitStatus,
            ExitedAt = state.ExitedAt,
        };
    }

    private ShimTask Task(GrpcCall call, string id) => tasks.Get(call.Scope, id);
}
