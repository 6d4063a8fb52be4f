using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Components;

/// <summary>What happened, newest first, and the way to what came before.</summary>
internal static class Events
{
    public static Html Render(Shell shell, AuditModel model)
    {
        if (model.Rows.Count == 0)
            return $"""<p class="empty-line muted">{shell.Texts.NothingHappened}</p>""";
        return $"""<ol class="events">{Html.Each(model.Rows, row => Event(shell, row))}</ol>""";
    }

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

    private static Html Event(Shell shell, AuditRow row)
    {
        var t = shell.Texts;
        return $"""
            <li>{Avatar.Render(row.Account.Length > 0 ? row.Account : "?")}<span class="what"><b>{t.ActionName(row.Action)}</b>{(row.Target.Length > 0 && row.Target != row.Account ? $" {row.Target}" : "")}</span>{Parts.Ago(shell, row.At)}
            <span class="by">{(row.Account.Length > 0 ? row.Account : "–")}{(row.Address.Length > 0 ? $" · {row.Address}" : "")}{(row.Detail.Length > 0 ? $" · {Short(row.Detail)}" : "")}</span></li>
            """;
    }

    /// <summary>A detail that ends in a digest, with as much of it as people compare.</summary>
    private static string Short(string detail)
    {
        var word = detail.LastIndexOf(' ') + 1;
        return detail.AsSpan(word).StartsWith("sha256:") || detail.AsSpan(word).StartsWith("sha512:") ? $"{detail[..word]}{Parts.Short(detail[word..])}" : detail;
    }
}
