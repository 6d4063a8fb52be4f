using Naru.Hub.Catalogue;
using Naru.HubServer.Site.Routes;

namespace Naru.HubServer.Site;

/// <summary>Which pages there are, and what each is made of.</summary>
internal static class SitePlan
{
    public static SiteServer Of(HubServices hub)
    {
        var catalogue = new RepositoryCatalogue(hub.Database);
        var images = new ImageCatalogue(hub.Database, hub.Manifests, hub.Blobs);
        return new SiteServer(hub.Accounts, new AssetFiles(),
        [
            new BrowseRoutes(hub.Accounts, catalogue, new RepositorySearch(hub.Database), images),
            new ImageRoutes(hub.Accounts, catalogue, images, new LayerReader(hub.ImageTree)),
            new SignRoutes(hub.Accounts),
            new SettingsRoutes(hub.Accounts),
            new RobotRoutes(hub.Accounts),
            new ActivityRoutes(hub.Accounts),
            new ManageRoutes(hub.Accounts, catalogue, hub.Manifests, hub.Webhooks),
            new TeamRoutes(hub.Accounts),
            new OrganisationRoutes(hub.Accounts),
            new AccountAdminRoutes(hub.Accounts),
            new AdminRoutes(hub.Accounts, catalogue, hub.Garbage, hub.GarbageOptions),
        ]);
    }
}
