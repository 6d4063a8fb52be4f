using Naru.Containerd;
using Naru.Rpc.Events;
using Naru.Rpc.Namespaces;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.namespaces.v1</summary>
internal sealed class NamespacesService(NamespaceStore namespaces, EventExchange events)
{
    private const string Service = "containerd.services.namespaces.v1.Namespaces/";

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Get", GetNamespaceRequest.Parser, (_, request) => new GetNamespaceResponse { Namespace = Message(namespaces.Get(request.Name)) });
        router.Unary(Service + "List", ListNamespacesRequest.Parser, (_, _) =>
        {
            var response = new ListNamespacesResponse();
            response.Namespaces.Add(namespaces.List().Select(Message));
            return response;
        });
        router.Unary(Service + "Create", CreateNamespaceRequest.Parser, (_, request) => Create(request));
        router.Unary(Service + "Update", UpdateNamespaceRequest.Parser, (_, request) => Update(request));
        router.Unary(Service + "Delete", DeleteNamespaceRequest.Parser, (_, request) =>
        {
            namespaces.Delete(request.Name);
            events.Publish(request.Name, "/namespaces/delete", new NamespaceDelete { Name = request.Name });
        });
    }

    private CreateNamespaceResponse Create(CreateNamespaceRequest request)
    {
        var created = namespaces.Create(request.Namespace.Name, request.Namespace.Labels);
        var message = new NamespaceCreate { Name = created.Name };
        Wire.Copy(created.Labels, message.Labels);
        events.Publish(created.Name, "/namespaces/create", message);
        return new CreateNamespaceResponse { Namespace = Message(created) };
    }

    private UpdateNamespaceResponse Update(UpdateNamespaceRequest request)
    {
        var updated = namespaces.Update(request.Namespace.Name, request.Namespace.Labels, Wire.Paths(request.UpdateMask));
        var message = new NamespaceUpdate { Name = updated.Name };
        Wire.Copy(updated.Labels, message.Labels);
        events.Publish(updated.Name, "/namespaces/update", message);
        return new UpdateNamespaceResponse { Namespace = Message(updated) };
    }

    private static Namespace Message(NamespaceInfo info)
    {
        var message = new Namespace { Name = info.Name };
        Wire.Copy(info.Labels, message.Labels);
        return message;
    }
}
