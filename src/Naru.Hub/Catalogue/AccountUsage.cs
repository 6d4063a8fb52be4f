namespace Naru.Hub.Catalogue;

/// <summary>An account and the bytes that its repositories hold.</summary>
/// <param name="Quota">The most that they may hold; null for the registry's default.</param>
public sealed record AccountUsage(string Account, long Size, long? Quota);
