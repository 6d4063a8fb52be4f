namespace Naru.HubServer.Site.Models;

/// <summary>What a layer does to a path of the layers below.</summary>
internal enum FileChange
{
    /// <summary>A folder on the way to what changed.</summary>
    Same,
    Added,
    Changed,
    Hidden,
}
