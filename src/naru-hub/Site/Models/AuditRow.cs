namespace Naru.HubServer.Site.Models;

/// <summary>One thing that happened.</summary>
/// <param name="Account">Who did it; empty for nobody in particular.</param>
/// <param name="Address">From where; empty where the viewer need not know.</param>
/// <param name="Action">A word of the audit trail.</param>
/// <param name="Target">What it was done to.</param>
internal sealed record AuditRow(DateTime At, string Account, string Address, string Action, string Target, string Detail);
