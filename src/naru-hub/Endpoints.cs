using Naru.Base;
using Naru.HubServer.Api;
using Naru.HubServer.Http;

namespace Naru.HubServer;

/// <summary>Which path is whose.</summary>
internal static class Endpoints
{
    public static Http.HubServer Of(HubServices hub, Callers callers)
    {
        var blobs = new BlobEndpoints(hub.Access, hub.Blobs);
        var mirrors = hub.Mirrors is { } service ? new MirrorEndpoints(hub.Access, service, blobs, hub.Pulls) : null;
        var registry = new RegistryServer(blobs, new UploadEndpoints(hub.Access, hub.Blobs, hub.Uploads),
            new ManifestEndpoints(hub.Access, hub.Manifests, hub.Pulls, hub.Accounts.Pulls), new ListEndpoints(hub.Access, hub.Manifests, hub.Catalog), mirrors);
        var routes = new RouteTable<Func<HubCall, Task>>();
        routes.Map("GET", "/healthz", async call =>
        {
            await hub.Database.Read(session => session.Number("SELECT 1"), call.Cancel);
            await call.Bytes("ok\n"u8.ToArray(), "text/plain; charset=utf-8");
        });
        var tokens = new TokenEndpoints(hub.Accounts, callers);
        routes.Map("GET", "/token", tokens.Get);
        routes.Map("POST", "/token", tokens.Post);
        new LayerEndpoints(hub.Access, hub.Blobs, hub.Images, hub.LayerIndexes, hub.LayerFiles, hub.ImageTree).Map(routes);
        return new Http.HubServer(registry, routes, callers);
    }
}
