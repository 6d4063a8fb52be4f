namespace Naru.Hub.Accounts;

/// <summary>Somebody in an organisation, or in a team.</summary>
public sealed record Member(string Name, string FullName, MemberRole Role);
