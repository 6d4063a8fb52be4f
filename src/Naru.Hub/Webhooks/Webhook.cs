namespace Naru.Hub.Webhooks;

/// <summary>An address that is told of a repository's changes. Its secret is never given out again.</summary>
/// <param name="Events">What it is told of, with commas: <c>push,delete</c>.</param>
/// <param name="LastStatus">The HTTP status of the latest attempt; null when there was none, or no answer.</param>
/// <param name="LastFailure">Why the latest attempt failed; null when it did not.</param>
public sealed record Webhook(long Id, string Url, string Events, bool Active, DateTime Created, long? LastStatus, string? LastFailure);
