using Naru.HubServer.Site.Markup;

namespace Naru.HubServer.Site.Components;

/// <summary>The search field: a form by itself, which the page's program makes answer as one types.</summary>
internal static class SearchField
{
    public static Html Render(Shell shell, bool large)
    {
        var t = shell.Texts;
        return $"""
            <hub-search class="search{(large ? " large" : "")}" data-all="{t.SearchAll}" data-none="{t.NothingFound}" data-private="{t.Private}">
            <form role="search" action="/search">{Icon.Search}<input type="search" name="q" value="{shell.Query}" aria-label="{t.SearchLabel}" placeholder="{t.SearchPlaceholder}" autocomplete="off" spellcheck="false" autocapitalize="off" maxlength="200"{(large ? (Html)$" autofocus" : null)}><kbd class="enhanced" aria-hidden="true">/</kbd></form>
            </hub-search>
            """;
    }
}
