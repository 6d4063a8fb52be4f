namespace Naru.HubServer.Site.Models;

/// <summary>What the form of a new repository holds.</summary>
internal sealed record NewRepositoryModel(string Name, string Description = "", bool Private = false, string? Failure = null);
