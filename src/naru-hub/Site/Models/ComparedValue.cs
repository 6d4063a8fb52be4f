namespace Naru.HubServer.Site.Models;

/// <summary>A value of two configs; null where one has none.</summary>
internal sealed record ComparedValue(string Name, string? From, string? To);
