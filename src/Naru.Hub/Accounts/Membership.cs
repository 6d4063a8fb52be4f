namespace Naru.Hub.Accounts;

/// <summary>An organisation that somebody is in.</summary>
public sealed record Membership(string Organisation, string FullName, MemberRole Role);
