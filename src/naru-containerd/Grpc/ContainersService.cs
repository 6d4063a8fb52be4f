using Google.Protobuf.WellKnownTypes;
using Naru.Containerd;
using Naru.Rpc.Containers;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.containers.v1</summary>
/// <param name="flush">Makes what was stored durable.</param>
internal sealed class ContainersService(ContainerStore containers, Action flush)
{
    private const string Service = "containerd.services.containers.v1.Containers/";

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Get", GetContainerRequest.Parser, (call, request) => new GetContainerResponse { Container = Message(containers.Get(call.Scope, request.Id)) });
        router.Unary(Service + "List", ListContainersRequest.Parser, (call, request) =>
        {
            var response = new ListContainersResponse();
            response.Containers.Add(containers.List(call.Scope, Filter.Parse(request.Filters)).Select(Message));
            return response;
        });
        router.ServerStream(Service + "ListStream", ListContainersRequest.Parser, async (call, request) =>
        {
            foreach (var container in containers.List(call.Scope, Filter.Parse(request.Filters)))
                await call.Write(new ListContainerMessage { Container = Message(container) });
        });
        router.Unary(Service + "Create", CreateContainerRequest.Parser, (call, request) =>
        {
            var container = containers.Create(call.Scope, Record(request.Container));

            // Not waited for here: a task is, before its first process is made.
            _ = Task.Run(flush);
            return new CreateContainerResponse { Container = Message(container) };
        });
        router.Unary(Service + "Update", UpdateContainerRequest.Parser, (call, request) => new UpdateContainerResponse
        {
            Container = Message(containers.Update(call.Scope, Record(request.Container), Wire.Paths(request.UpdateMask))),
        });
        router.Unary(Service + "Delete", DeleteContainerRequest.Parser, (call, request) => containers.Delete(call.Scope, request.Id));
    }

    private static ContainerRecord Record(Container message) => new(message.Id, new Dictionary<string, string>(message.Labels), message.Image,
        message.Runtime?.Name ?? string.Empty, message.Runtime?.Options, message.Spec, message.Snapshotter, message.SnapshotKey,
        new Dictionary<string, Any>(message.Extensions), message.Sandbox, default, default);

    private static Container Message(ContainerRecord container)
    {
        var message = new Container
        {
            Id = container.Id,
            Image = container.Image,
            Runtime = new Container.Types.Runtime { Name = container.Runtime, Options = container.RuntimeOptions },
            Spec = container.Spec,
            Snapshotter = container.Snapshotter,
            SnapshotKey = container.SnapshotKey,
            Sandbox = container.Sandbox,
            CreatedAt = Wire.Time(container.Created),
            UpdatedAt = Wire.Time(container.Updated),
        };
        Wire.Copy(container.Labels, message.Labels);
        Wire.Copy(container.Extensions, message.Extensions);
        return message;
    }
}
