using Naru.Rpc.Events;
using Naru.Shim.Transport;

namespace Naru.Shim.Tasks;

/// <summary>The task's events, each with its topic and its type's name.</summary>
internal sealed class TaskEvents(EventPublisher publisher)
{
    public void Created(Container container, CreateTaskRequest request)
    {
        var message = new TaskCreate
        {
            ContainerId = container.Id,
            Bundle = container.Bundle,
            Io = new TaskIO { Stdin = request.Stdin, Stdout = request.Stdout, Stderr = request.Stderr, Terminal = request.Terminal },
            Checkpoint = request.Checkpoint,
            Pid = (uint)container.Init.Pid,
        };
        message.Rootfs.Add(request.Rootfs);
        Publish("create", nameof(TaskCreate), message);
    }

    public void Started(string id, ContainerProcess process)
    {
        if (process.ExecId.Length == 0)
            Publish("start", nameof(TaskStart), new TaskStart { ContainerId = id, Pid = (uint)process.Pid });
        else
            Publish("exec-started", nameof(TaskExecStarted), new TaskExecStarted { ContainerId = id, ExecId = process.ExecId, Pid = (uint)process.Pid });
    }

    public void Exited(string id, ContainerProcess process, ChildExit exit) => Publish("exit", nameof(TaskExit), new TaskExit
    {
        ContainerId = id,
        Id = process.ExecId.Length == 0 ? id : process.ExecId,
        Pid = (uint)process.Pid,
        ExitStatus = (uint)exit.Status,
        ExitedAt = Timestamp.FromDateTime(exit.At),
    });

    public void Deleted(string id, ContainerProcess process, ChildExit exit) => Publish("delete", nameof(TaskDelete), new TaskDelete
    {
        ContainerId = id,
        Id = process.ExecId,
        Pid = (uint)process.Pid,
        ExitStatus = (uint)exit.Status,
        ExitedAt = Timestamp.FromDateTime(exit.At),
    });

    public void ExecAdded(string id, string execId) => Publish("exec-added", nameof(TaskExecAdded), new TaskExecAdded { ContainerId = id, ExecId = execId });

    public void Oom(string id) => Publish("oom", nameof(TaskOOM), new TaskOOM { ContainerId = id });

    public void Paused(string id) => Publish("paused", nameof(TaskPaused), new TaskPaused { ContainerId = id });

    public void Resumed(string id) => Publish("resumed", nameof(TaskResumed), new TaskResumed { ContainerId = id });

    private void Publish(string topic, string type, IMessage message) => publisher.Publish("/tasks/" + topic, "containerd.events." + type, message);
}
