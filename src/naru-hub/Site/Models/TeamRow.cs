namespace Naru.HubServer.Site.Models;

/// <summary>A team: who is in it, and what it may do to which repositories.</summary>
internal sealed record TeamRow(long Id, string Name, IReadOnlyList<string> Members, IReadOnlyList<MemberRow> Grants);
