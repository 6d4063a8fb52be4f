namespace Naru.HubServer.Site.Models;

/// <summary>Somebody and what they are or may: owner, member; pull, push, admin.</summary>
internal sealed record MemberRow(string Name, string Level);
