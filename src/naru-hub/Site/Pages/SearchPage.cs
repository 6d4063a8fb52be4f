using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>What a search found.</summary>
internal static class SearchPage
{
    public static Html Render(Shell shell, SearchModel model)
    {
        var t = shell.Texts;
        var asked = model.Query.Length > 0;
        return Layout.Page(shell, asked ? t.SearchResults(model.Query) : t.SearchTitle, $"""
            <h1>{(asked ? t.SearchResults(model.Query) : t.SearchTitle)}</h1>
            {(!asked ? (Html)$"<p class=\"muted\">{t.SearchEmpty}</p>"
                : model.Found.Count == 0 ? Parts.Empty(t.NothingFound, $"<p class=\"muted\">{t.SearchNothing}</p>")
                : Parts.Cards(shell, model.Found))}
            {Parts.Pager(shell, model.Page, model.More, page => Links.Search(model.Query, page))}
            """);
    }
}
