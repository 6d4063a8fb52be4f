namespace Naru.HubServer.Site.Models;

/// <summary>An account as an administrator sees it.</summary>
internal sealed record UserRow(string Name, string FullName, string Email, bool Organisation, bool Admin, bool Disabled, DateTime Created);
