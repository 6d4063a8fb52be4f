namespace Naru.HubServer.Site.Routes;

/// <summary>Some of the site's pages.</summary>
internal interface ISiteRoutes
{
    /// <summary>Answers when the path is one of these pages; false when it is not.</summary>
    ValueTask<bool> TryHandle(SiteCall call, string path);
}
