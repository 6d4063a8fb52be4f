namespace Naru.Hub.Accounts.Browsers;

/// <summary>A browser that is signed in.</summary>
/// <param name="Id">Names it to its owner; it is no secret, and signs nobody in.</param>
/// <param name="Seen">When it last asked for something, to some minutes.</param>
public sealed record Login(string Id, DateTime Created, DateTime Seen, DateTime Expires, string Address, string Agent);
