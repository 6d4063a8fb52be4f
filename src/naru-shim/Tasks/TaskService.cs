using Naru.Rpc.Ttrpc;
using Naru.Rpc.Types;
using Naru.Shim.Actions;
using Naru.Shim.Cgroups;
using Naru.Shim.Transport;
using Status = Naru.Rpc.Types.Status;

namespace Naru.Shim.Tasks;

/// <summary>containerd.task.v2.Task and v3.Task: the same methods and messages.</summary>
internal sealed class TaskService(EventLoop loop, Children children, EventPublisher publisher, ShimArguments arguments)
{
    private readonly TaskEvents events = new(publisher);
    private Container? container;
    private bool creating;

    /// <summary>Ends the program, once the answer is on its way.</summary>
    public Action Shutdown { get; set; } = () => { };

    /// <exception cref="NaruException">The call's status.</exception>
    public async Task<IMessage> AnswerAsync(Request request)
    {
        if (request.Service is not ("containerd.task.v2.Task" or "containerd.task.v3.Task"))
            throw new NaruException(ErrorKind.Unimplemented, $"service {request.Service}: not implemented");
        var payload = request.Payload;
        switch (request.Method)
        {
            case "Create": return await CreateAsync(CreateTaskRequest.Parser.ParseFrom(payload));
            case "Start": return await StartAsync(StartRequest.Parser.ParseFrom(payload));
            case "State": return State(StateRequest.Parser.ParseFrom(payload));
            case "Wait": return await WaitAsync(WaitRequest.Parser.ParseFrom(payload));
            case "Kill": return await KillAsync(KillRequest.Parser.ParseFrom(payload));
            case "Exec": return Exec(ExecProcessRequest.Parser.ParseFrom(payload));
            case "Delete": return await DeleteAsync(DeleteRequest.Parser.ParseFrom(payload));
            case "ResizePty": return Resize(ResizePtyRequest.Parser.ParseFrom(payload));
            case "CloseIO": return CloseInput(CloseIORequest.Parser.ParseFrom(payload));
            case "Pids": return Pids();
            case "Stats": return new StatsResponse { Stats = CgroupStats.Read(Existing.Cgroup ?? throw NaruException.NotFound("cgroup does not exist: not found")) };
            case "Pause":
                await Existing.PauseAsync();
                return new Empty();
            case "Resume":
                await Existing.ResumeAsync();
                return new Empty();
            case "Update":
                await Existing.UpdateAsync(UpdateTaskRequest.Parser.ParseFrom(payload).Resources?.Value.Memory ?? throw NaruException.Invalid("update: no resources"));
                return new Empty();
            case "Connect":
                return new ConnectResponse { ShimPid = (uint)Environment.ProcessId, TaskPid = (uint)(container?.Init.Pid ?? 0), Version = InfoAction.Version };
            case "Shutdown":
                // One that still has its container stays: containerd asks for it after the delete too.
                if (container is null && !creating)
                    loop.After(TimeSpan.Zero, Shutdown);
                return new Empty();
            default:
                throw new NaruException(ErrorKind.Unimplemented, $"method {request.Method}: not implemented by naru-shim");
        }
    }

    private Container Existing => container ?? throw NaruException.NotFound("container not created: not found");

    private async Task<IMessage> CreateAsync(CreateTaskRequest request)
    {
        if (container is not null || creating)
            throw NaruException.Exists($"task {request.Id}: already exists");
        if (request.Checkpoint.Length > 0)
            throw new NaruException(ErrorKind.Unimplemented, "naru-shim does not restore checkpoints");
        creating = true;
        try
        {
            var options = RuntimeOptions.From(request.Options, arguments.Namespace);
            if (options.ShimCgroup.Length > 0)
                ShimCgroup.Enter(options.ShimCgroup);
            var made = new Container(loop, children, events, options, request, StartAction.SocketPath(arguments) + "-");
            await made.CreateAsync(request);
            container = made;
            return new CreateTaskResponse { Pid = (uint)made.Init.Pid };
        }
        finally
        {
            creating = false;
        }
    }

    private async Task<IMessage> StartAsync(StartRequest request)
    {
        var process = Existing.Find(request.ExecId);
        await Existing.StartAsync(process);
        return new StartResponse { Pid = (uint)process.Pid };
    }

    private StateResponse State(StateRequest request)
    {
        var process = Existing.Find(request.ExecId);
        var response = new StateResponse
        {
            Id = Existing.Id,
            ExecId = request.ExecId,
            Bundle = Existing.Bundle,
            Pid = (uint)process.Pid,
            Stdin = process.Stdio.In,
            Stdout = process.Stdio.Out,
            Stderr = process.Stdio.Error,
            Terminal = process.Stdio.Terminal,
            Status = process.State switch
            {
                ProcessState.Created => Status.Created,
                ProcessState.Stopped => Status.Stopped,
                _ => Existing.Paused && request.ExecId.Length == 0 ? Status.Paused : Status.Running,
            },
        };
        if (process.State is ProcessState.Stopped(var exit))
        {
            response.ExitStatus = (uint)exit.Status;
            response.ExitedAt = Timestamp.FromDateTime(exit.At);
        }
        return response;
    }

    private async Task<IMessage> WaitAsync(WaitRequest request)
    {
        var exit = await Existing.Find(request.ExecId).Exited;
        return new WaitResponse { ExitStatus = (uint)exit.Status, ExitedAt = Timestamp.FromDateTime(exit.At) };
    }

    private async Task<IMessage> KillAsync(KillRequest request)
    {
        await Existing.KillAsync(Existing.Find(request.ExecId), (int)request.Signal, request.All);
        return new Empty();
    }

    private Empty Exec(ExecProcessRequest request)
    {
        Existing.AddExec(request);
        return new Empty();
    }

    private async Task<IMessage> DeleteAsync(DeleteRequest request)
    {
        var owner = Existing;
        var process = owner.Find(request.ExecId);
        var exit = await owner.DeleteAsync(process);
        if (request.ExecId.Length == 0)
            container = null;
        events.Deleted(owner.Id, process, exit);
        return new DeleteResponse { Pid = (uint)process.Pid, ExitStatus = (uint)exit.Status, ExitedAt = Timestamp.FromDateTime(exit.At) };
    }

    private Empty Resize(ResizePtyRequest request)
    {
        Container.Resize(Existing.Find(request.ExecId), request.Width, request.Height);
        return new Empty();
    }

    private Empty CloseInput(CloseIORequest request)
    {
        var process = Existing.Find(request.ExecId);
        if (request.Stdin)
            process.CloseInput();
        return new Empty();
    }

    private PidsResponse Pids()
    {
        var response = new PidsResponse();
        foreach (var pid in Existing.Cgroup?.Pids() ?? [])
        {
            var info = new ProcessInfo { Pid = (uint)pid };
            if (Existing.ExecOf(pid) is { } exec)
                info.Info = new Any { TypeUrl = "containerd.runc.v1.ProcessDetails", Value = new ProcessDetails { ExecId = exec }.ToByteString() };
            response.Processes.Add(info);
        }
        return response;
    }
}
