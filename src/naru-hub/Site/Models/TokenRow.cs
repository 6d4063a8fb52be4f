namespace Naru.HubServer.Site.Models;

/// <summary>An access token, without its secret.</summary>
/// <param name="Scope">What it may do: <c>pull</c>, <c>pull,push</c>…</param>
internal sealed record TokenRow(long Id, string Name, string Scope, DateTime Created, DateTime? Expires, DateTime? Used);
