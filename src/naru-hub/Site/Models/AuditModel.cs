namespace Naru.HubServer.Site.Models;

/// <summary>A page of what happened, newest first.</summary>
internal sealed record AuditModel
{
    public IReadOnlyList<AuditRow> Rows { get; init; } = [];

    /// <summary>Only what this account did; empty for all.</summary>
    public string Account { get; init; } = "";

    /// <summary>Only what was done to this; empty for all.</summary>
    public string Target { get; init; } = "";

    /// <summary>Only this action; empty for all.</summary>
    public string Action { get; init; } = "";

    /// <summary>This is not the newest page.</summary>
    public bool Later { get; init; }

    /// <summary>The next page has what came before this number; null where this is the last page.</summary>
    public long? Before { get; init; }
}
