namespace Naru.Hub.Accounts;

/// <summary>Members of an organisation who get rights together.</summary>
public sealed record Team(long Id, string Name, long Members, long Repositories);
