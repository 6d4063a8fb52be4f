namespace Naru.HubServer.Site.Models;

/// <summary>The first page: what is pulled most, and what was pushed last.</summary>
/// <param name="Repositories">How many there are for this viewer to find.</param>
internal sealed record HomeModel(IReadOnlyList<RepositoryCard> Popular, IReadOnlyList<RepositoryCard> Recent, long Repositories);
