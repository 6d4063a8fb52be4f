namespace Naru.HubServer.Site.Models;

/// <summary>One page of what a search found.</summary>
/// <param name="Page">Counts from 1.</param>
/// <param name="More">There is a page after this one.</param>
internal sealed record SearchModel(string Query, IReadOnlyList<RepositoryCard> Found, int Page, bool More);
