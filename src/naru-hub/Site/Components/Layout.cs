using Naru.HubServer.Site.Markup;

namespace Naru.HubServer.Site.Components;

/// <summary>The frame around every page.</summary>
internal static class Layout
{
    /// <param name="title">What the browser's tab says before the site's name; empty on the first page.</param>
    /// <param name="searchable">The search field is in the header: everywhere but where the page has its own.</param>
    public static Html Page(Shell shell, string title, Html body, bool searchable = true)
    {
        var t = shell.Texts;
        return $"""
            <!doctype html>
            <html lang="{t.Code}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{(title.Length > 0 ? $"{title} · naru hub" : $"naru hub · {t.Tagline}")}</title>
            <link rel="icon" href="{shell.Assets.Favicon}" type="image/svg+xml">
            <link rel="stylesheet" href="{shell.Assets.Style}">
            <script src="{shell.Assets.Theme}"></script>
            <script type="module" src="{shell.Assets.Program}"></script>
            </head>
            <body>
            <a class="skip" href="#main">{t.SkipToContent}</a>
            <header class="top">
            <div class="wide top-row">
            <a class="brand" href="/">{Icon.Mark}<span>naru&#8201;<b>hub</b></span></a>
            {(searchable ? SearchField.Render(shell, large: false) : Html.Empty)}
            <nav class="top-links" aria-label="{t.MainNavigation}">
            {Language(shell)}
            <hub-theme class="enhanced" data-label="{t.Theme}" data-system="{t.ThemeSystem}" data-light="{t.ThemeLight}" data-dark="{t.ThemeDark}"><button type="button" class="ghost icon-only" aria-label="{t.Theme}">{Icon.Theme}</button></hub-theme>
            {Account(shell)}
            </nav>
            </div>
            </header>
            <main id="main" class="wide" tabindex="-1">
            {(shell.Notice is { } notice ? (Html)$"<p class=\"notice good\" role=\"status\">{Icon.Check} {notice}</p>" : null)}
            {body}
            </main>
            <footer class="bottom"><div class="wide bottom-row"><span>{t.Footer}</span><span class="hint enhanced"><kbd>/</kbd> {t.KeyboardHint}</span></div></footer>
            </body>
            </html>
            """;
    }

    private static Html Language(Shell shell)
    {
        var t = shell.Texts;
        return $"""
            <form class="language" method="post" action="/language"><input type="hidden" name="next" value="{shell.Path}"><button class="ghost" name="language" value="{t.OtherLanguageCode}" lang="{t.OtherLanguageCode}">{Icon.Language}<span>{t.OtherLanguage}</span></button></form>
            """;
    }

    private static Html? Account(Shell shell)
    {
        var t = shell.Texts;
        if (shell.Open)
            return null;
        if (shell.Viewer is not { } viewer)
        {
            return $"""
                <a class="button quiet" href="{Links.SignIn(shell.Path)}">{t.SignIn}</a>
                """;
        }

        return $"""
            <details class="menu"><summary aria-label="{t.Menu}: {viewer}">{Avatar.Render(viewer)}</summary>
            <div class="menu-list">
            <p class="menu-name">{viewer}</p>
            <a href="{Links.Account(viewer)}">{t.YourRepositories}</a>
            <a href="/new">{t.NewRepository}</a>
            <a href="/settings">{t.Settings}</a>
            {(shell.Admin ? (Html)$"<a href=\"/admin\">{t.Administration}</a>" : null)}
            <form method="post" action="/sign-out">{Forms.Token(shell)}<button>{t.SignOut}</button></form>
            </div></details>
            """;
    }
}
