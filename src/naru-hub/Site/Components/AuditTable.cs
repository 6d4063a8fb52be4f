using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Components;

/// <summary>What happened, newest first, and the way to what came before.</summary>
internal static class AuditTable
{
    public static Html Render(Shell shell, AuditModel model) =>
        model.Rows.Count == 0 ? $"""<p class="empty-line muted">{shell.Texts.NothingHappened}</p>""" : Table(shell, model);

    /// <summary>Links to the newest entries and to older ones.</summary>
    /// <param name="path">The page's own, without a query.</param>
    public static Html? Pager(Shell shell, AuditModel model, string path)
    {
        var t = shell.Texts;
        if (!model.Later && model.Before is null)
            return null;
        var filter = $"{(model.Account.Length > 0 ? $"&account={Uri.EscapeDataString(model.Account)}" : "")}{(model.Target.Length > 0 ? $"&target={Uri.EscapeDataString(model.Target)}" : "")}{(model.Action.Length > 0 ? $"&action={Uri.EscapeDataString(model.Action)}" : "")}";
        return $"""
            <nav class="pager" aria-label="{t.Pages}">
            {(model.Later ? (Html)$"<a class=\"button quiet\" rel=\"first\" href=\"{path}{(filter.Length > 0 ? $"?{filter[1..]}" : "")}\">{t.Newest}</a>" : $"<span></span>")}
            {(model.Before is { } before ? (Html)$"<a class=\"button quiet\" rel=\"next\" href=\"{path}?before={before}{filter}\">{t.Older}</a>" : $"<span></span>")}
            </nav>
            """;
    }

    private static Html Table(Shell shell, AuditModel model)
    {
        var t = shell.Texts;
        return $"""
            <div class="scroll" tabindex="0" role="region" aria-label="{t.Activity}"><table class="audit"><thead><tr><th scope="col">{t.When}</th><th scope="col">{t.Who}</th><th scope="col">{t.What}</th><th scope="col">{t.Address}</th></tr></thead>
            <tbody>{Html.Each(model.Rows, row => Row(shell, row))}</tbody></table></div>
            """;
    }

    private static Html Row(Shell shell, AuditRow row)
    {
        var t = shell.Texts;
        return $"""
            <tr><td class="muted">{Parts.Ago(shell, row.At)}</td><th scope="row">{(row.Account.Length > 0 ? row.Account : "–")}</th>
            <td><b>{t.ActionName(row.Action)}</b>{(row.Target.Length > 0 && row.Target != row.Account ? (Html)$" <span class=\"target\">{row.Target}</span>" : null)}{(row.Detail.Length > 0 ? (Html)$"<span class=\"hint\">{row.Detail}</span>" : null)}</td>
            <td><code>{row.Address}</code></td></tr>
            """;
    }
}
