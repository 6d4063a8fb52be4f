namespace Naru.Hub.Registry;

/// <summary>A repository as the one who asks may see it.</summary>
/// <param name="Name">The whole path: <c>team/app</c>.</param>
/// <param name="Account">The account it belongs to; null where names belong to nobody.</param>
public sealed record Repository(long Id, string Name, long? Account, bool Private);
