using Naru.Base;
using Naru.Hub.Catalogue;
using Naru.HubServer.Api;
using Naru.HubServer.Http;
using Naru.HubServer.Operation;
using Naru.HubServer.Site;

namespace Naru.HubServer;

/// <summary>Which path is whose.</summary>
internal static class Endpoints
{
    public static Http.HubServer Of(HubServices hub, Callers callers, RequestFigures figures, MetricsAccess metrics)
    {
        var blobs = new BlobEndpoints(hub.Access, hub.Blobs);
        var manifests = new ManifestEndpoints(hub.Access, hub.Manifests, hub.Pulls, hub.Accounts.Pulls);
        var mirrors = hub.Mirrors is { } service ? new MirrorEndpoints(hub.Access, service, blobs, manifests) : null;
        var registry = new RegistryServer(blobs, new UploadEndpoints(hub.Access, hub.Blobs, hub.Uploads),
            manifests, new ListEndpoints(hub.Access, hub.Manifests, hub.Catalog), mirrors);
        var routes = new RouteTable<Func<HubCall, Task>>();
        routes.Map("GET", "/healthz", HealthPages.Alive);
        routes.Map("GET", "/readyz", new HealthPages(hub.Database, hub.Storage).Ready);
        routes.Map("GET", "/metrics", new MetricsPage(metrics, figures, new StoredFigures(hub.Database), hub.Garbage, hub.DatabaseFile).Get);
        var tokens = new TokenEndpoints(hub.Accounts, callers);
        routes.Map("GET", "/token", tokens.Get);
        routes.Map("POST", "/token", tokens.Post);
        new LayerEndpoints(hub.Access, hub.Blobs, hub.Images, hub.LayerIndexes, hub.LayerFiles, hub.ImageTree).Map(routes);
        new SearchEndpoints(new RepositorySearch(hub.Database)).Map(routes);
        return new Http.HubServer(registry, routes, callers, SitePlan.Of(hub));
    }
}
