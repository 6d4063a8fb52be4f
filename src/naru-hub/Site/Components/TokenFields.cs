using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Components;

/// <summary>What forms and lists of personal and robot tokens have in common.</summary>
internal static class TokenFields
{
    /// <summary>What it may do, and for how long.</summary>
    public static Html Render(Shell shell)
    {
        var t = shell.Texts;
        return $"""
            <div class="fields">{Forms.Select("scope", t.Scope, "pull", ["pull", t.ScopePull, "push", t.ScopePush, "delete", t.ScopeDelete])}
            {Forms.Select("days", t.Expires, "90", ["30", t.ExpiresIn(30), "90", t.ExpiresIn(90), "365", t.ExpiresIn(365), "0", t.ExpiresIn(0)])}</div>
            """;
    }

    /// <summary>A token's line, with the button that revokes it.</summary>
    public static Html Row(Shell shell, TokenRow token, string name, string action)
    {
        var t = shell.Texts;
        return $"""
            <tr><th scope="row">{name}</th><td><code>{token.Scope}</code></td><td>{(token.Expires is { } expires ? Parts.Time(expires, t.Day(expires)) : Html.Text(t.Never))}</td><td class="muted">{(token.Used is { } used ? Parts.Ago(shell, used) : Html.Text(t.Never))}</td>
            <td class="row-actions">{Forms.Button(shell, $"{action}/revoke", $"<input type=\"hidden\" name=\"id\" value=\"{token.Id}\">", t.Revoke, $"{t.Revoke}: {name}")}</td></tr>
            """;
    }
}
