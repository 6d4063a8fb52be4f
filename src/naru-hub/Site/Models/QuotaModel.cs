namespace Naru.HubServer.Site.Models;

/// <summary>What an account holds of what it may hold, in bytes; a limit of null is any amount.</summary>
internal sealed record QuotaModel(long Used, long? Limit);
