namespace Naru.HubServer.Site.Models;

/// <summary>How many files a layer adds, changes and hides.</summary>
internal sealed record LayerCounts(int Added, int Changed, int Hidden);
