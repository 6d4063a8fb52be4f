namespace Naru.Hub.Webhooks;

/// <summary>A delivery that is to be made, with all that it takes.</summary>
/// <param name="Next">Ticks: when it was due, by which whoever makes it claims it.</param>
internal sealed record PendingDelivery(long Id, string Event, string Body, long Attempts, DateTime Created, long Next, Uri Url, string Secret);
