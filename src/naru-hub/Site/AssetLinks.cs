namespace Naru.HubServer.Site;

/// <summary>Where a page finds its style and its programs: paths that change with what is in them.</summary>
internal sealed record AssetLinks(string Style, string Theme, string Program, string Favicon);
