using Naru.Containerd;
using Naru.Rpc.Leases;

namespace Naru.ContainerdDaemon;

/// <summary>containerd.services.leases.v1</summary>
internal sealed class LeasesService(LeaseStore leases, GarbageSchedule garbage)
{
    private const string Service = "containerd.services.leases.v1.Leases/";

    public void Map(GrpcRouter router)
    {
        router.Unary(Service + "Create", CreateRequest.Parser, (call, request) =>
        {
            var id = request.Id.Length > 0 ? request.Id : Guid.NewGuid().ToString("N");
            return new CreateResponse { Lease = Message(leases.Create(call.Scope, id, request.Labels)) };
        });
        router.UnaryAsync(Service + "Delete", DeleteRequest.Parser, async (call, request) =>
        {
            leases.Delete(call.Scope, request.Id);
            if (request.Sync)
                await Task.Run(garbage.RunNow);
        });
        router.Unary(Service + "List", ListRequest.Parser, (call, request) =>
        {
            var response = new ListResponse();
            response.Leases.Add(leases.List(call.Scope, Filter.Parse(request.Filters)).Select(Message));
            return response;
        });
        router.Unary(Service + "AddResource", AddResourceRequest.Parser, (call, request) =>
            leases.AddResource(call.Scope, request.Id, new LeaseResource(request.Resource.Type, request.Resource.Id)));
        router.Unary(Service + "DeleteResource", DeleteResourceRequest.Parser, (call, request) =>
            leases.DeleteResource(call.Scope, request.Id, new LeaseResource(request.Resource.Type, request.Resource.Id)));
        router.Unary(Service + "ListResources", ListResourcesRequest.Parser, (call, request) =>
        {
            var response = new ListResourcesResponse();
            response.Resources.Add(leases.ListResources(call.Scope, request.Id).Select(r => new Resource { Type = r.Type, Id = r.Id }));
            return response;
        });
    }

    private static Lease Message(LeaseInfo lease)
    {
        var message = new Lease { Id = lease.Id, CreatedAt = Wire.Time(lease.Created) };
        Wire.Copy(lease.Labels, message.Labels);
        return message;
    }
}
