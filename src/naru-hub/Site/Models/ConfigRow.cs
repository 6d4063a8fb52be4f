namespace Naru.HubServer.Site.Models;

/// <summary>A name and its value, of a config, of labels.</summary>
internal sealed record ConfigRow(string Name, string Value);
