namespace Naru.HubServer.Site.Models;

/// <summary>A browser that is signed in.</summary>
/// <param name="Id">Names it in the form that ends it; no secret.</param>
/// <param name="Current">It is the one that looks.</param>
internal sealed record LoginRow(string Id, string Address, string Agent, DateTime Created, DateTime Seen, bool Current);
