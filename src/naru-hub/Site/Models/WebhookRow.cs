namespace Naru.HubServer.Site.Models;

/// <summary>An address that is told of pushes and deletes.</summary>
/// <param name="LastStatus">The HTTP status of the last delivery; null when there was none or no answer.</param>
internal sealed record WebhookRow(long Id, string Url, string Events, bool Active, long? LastStatus, string? LastFailure)
{
    /// <summary>What it was told lately, newest first.</summary>
    public IReadOnlyList<DeliveryRow> Deliveries { get; init; } = [];
}
