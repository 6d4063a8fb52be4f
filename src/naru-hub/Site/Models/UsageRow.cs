namespace Naru.HubServer.Site.Models;

/// <summary>An account and the bytes that its repositories hold.</summary>
/// <param name="Quota">The most that they may hold; null without a limit.</param>
internal sealed record UsageRow(string Account, long Size, long? Quota);
