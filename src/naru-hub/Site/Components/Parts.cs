using System.Globalization;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Components;

/// <summary>Small parts that many pages are made of.</summary>
internal static class Parts
{
    /// <summary>How long ago, with the exact time for who points at it.</summary>
    public static Html Ago(Shell shell, DateTime at) => Time(at, shell.Texts.Ago(at, shell.Now));

    public static Html Time(DateTime at, string said) =>
        $"""<time datetime="{at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}" title="{at.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC">{said}</time>""";

    /// <summary>A command to be copied.</summary>
    public static Html Command(Shell shell, string command, string label) => $"""
        <hub-copy class="command" data-copied="{shell.Texts.Copied}"><code tabindex="0" aria-label="{label}">{command}</code><button type="button" class="ghost icon-only enhanced" aria-label="{shell.Texts.Copy}: {label}">{Icon.Copy}</button></hub-copy>
        """;

    /// <summary>A digest, cut to what people compare, copied whole.</summary>
    public static Html Digest(Shell shell, string digest) => $"""
        <hub-copy class="digest" data-copied="{shell.Texts.Copied}"><code title="{digest}" data-value="{digest}">{Short(digest)}</code><button type="button" class="ghost icon-only enhanced" aria-label="{shell.Texts.Copy}: {shell.Texts.Digest}">{Icon.Copy}</button></hub-copy>
        """;

    /// <summary>The first twelve digits of a digest.</summary>
    public static string Short(string digest)
    {
        var colon = digest.IndexOf(':', StringComparison.Ordinal) + 1;
        return digest.Length > colon + 12 ? digest[colon..(colon + 12)] : digest[colon..];
    }

    /// <summary>A name with its last part in bold: <c>team/</c><b>app</b>.</summary>
    public static Html Name(string name)
    {
        var slash = name.LastIndexOf('/') + 1;
        return $"""<span class="path">{name[..slash]}</span><b>{name[slash..]}</b>""";
    }

    /// <summary>Repositories, as cards.</summary>
    public static Html Cards(Shell shell, IReadOnlyList<RepositoryCard> cards) => $"""
        <ul class="cards">{Html.Each(cards, card => Card(shell, card))}</ul>
        """;

    public static Html? Badges(Shell shell, RepositoryCard card) => (card.Private, card.Mirror) switch
    {
        (true, _) => $"""<span class="badge">{Icon.Lock}{shell.Texts.Private}</span>""",
        (_, true) => $"""<span class="badge">{shell.Texts.Mirror}</span>""",
        _ => null,
    };

    /// <summary>Links to the pages before and after; nothing where all is on one page.</summary>
    public static Html? Pager(Shell shell, int page, bool more, Func<int, string> link)
    {
        var t = shell.Texts;
        if (page == 1 && !more)
            return null;
        return $"""
            <nav class="pager" aria-label="{t.Pages}">
            {(page > 1 ? (Html)$"<a class=\"button quiet\" rel=\"prev\" href=\"{link(page - 1)}\">{t.Previous}</a>" : $"<span></span>")}
            <span class="muted">{t.PageNumber(page)}</span>
            {(more ? (Html)$"<a class=\"button quiet\" rel=\"next\" href=\"{link(page + 1)}\">{t.Next}</a>" : $"<span></span>")}
            </nav>
            """;
    }

    /// <summary>A row of pages that belong together; links and labels by turns, the current one by its link.</summary>
    public static Html Tabs(string label, string current, IReadOnlyList<string> linksAndLabels)
    {
        Html links = $"";
        for (var i = 0; i + 1 < linksAndLabels.Count; i += 2)
            links.AppendFormatted((Html)$"<a href=\"{linksAndLabels[i]}\"{(linksAndLabels[i] == current ? (Html)$" aria-current=\"page\"" : null)}>{linksAndLabels[i + 1]}</a>");
        return $"""<nav class="tabs" aria-label="{label}">{links}</nav>""";
    }

    public static Html Empty(string title, Html? more = null) => $"""<div class="empty"><p><b>{title}</b></p>{more}</div>""";

    private static Html Card(Shell shell, RepositoryCard card)
    {
        var t = shell.Texts;
        return $"""
            <li class="card"><div class="card-title"><a class="cover" href="{Links.Repository(card.Name)}">{Name(card.Name)}</a>{Badges(shell, card)}</div>
            <p class="card-text">{(card.Description.Length > 0 ? card.Description : t.NoDescription)}</p>
            <p class="facts"><span>{Icon.Pulls}{t.PullCount(card.Pulls)}</span>{(card.Pushed is { } pushed ? (Html)$"<span>{Icon.Clock}{Time(pushed, t.PushedAgo(pushed, shell.Now))}</span>" : $"<span>{t.NeverPushed}</span>")}</p></li>
            """;
    }
}
