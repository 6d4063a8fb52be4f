namespace Naru.HubServer.Site.Models;

/// <summary>All accounts, a page at a time.</summary>
internal sealed record UsersModel(IReadOnlyList<UserRow> Users, string Filter, int Page, bool More, string? Failure = null);
