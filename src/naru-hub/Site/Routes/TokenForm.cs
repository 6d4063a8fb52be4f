using Naru.Hub.Accounts.Tokens;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Routes;

/// <summary>What the forms of personal and robot tokens send.</summary>
internal static class TokenForm
{
    public static string Scope(SiteCall call) => call.Field("scope") switch { "push" => "repo:write", "delete" => "repo:delete", _ => "repo:read" };

    /// <summary>When the token ends; null for never.</summary>
    public static DateTime? Expires(SiteCall call) => int.TryParse(call.Field("days"), out var days) && days is > 0 and < 4000 ? DateTime.UtcNow.AddDays(days) : null;

    public static TokenRow Row(StoredToken token) => new(token.Id, token.Name, token.Scopes?.ToString() ?? "", token.Created, token.Expires, token.Used);
}
