namespace Naru.HubServer.Site.Models;

/// <summary>One event for one web hook.</summary>
/// <param name="Status">The HTTP status of the last attempt; null when there was none or no answer.</param>
/// <param name="Failure">Why the last attempt failed; null when it did not.</param>
/// <param name="Waiting">It will be tried, or tried again.</param>
internal sealed record DeliveryRow(long Id, string Event, DateTime Created, long Attempts, long? Status, string? Failure, bool Waiting);
