namespace Naru.Hub.Webhooks;

/// <summary>One event for one web hook.</summary>
/// <param name="Event"><c>push</c> or <c>delete</c>.</param>
/// <param name="Next">When it is tried again; null when it was taken, or given up.</param>
/// <param name="Status">The HTTP status of the latest attempt; null when there was none, or no answer.</param>
/// <param name="Failure">Why the latest attempt failed; null when it did not.</param>
public sealed record WebhookDelivery(long Id, string Event, DateTime Created, long Attempts, DateTime? Next, long? Status, string? Failure)
{
    public bool Delivered => Next is null && Failure is null;

    public bool GivenUp => Next is null && Failure is not null;
}
