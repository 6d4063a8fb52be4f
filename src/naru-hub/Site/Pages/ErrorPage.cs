using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;

namespace Naru.HubServer.Site.Pages;

/// <summary>What is shown instead of a page: not found, not allowed, failed.</summary>
internal static class ErrorPage
{
    public static Html Render(Shell shell, int status, string? message = null)
    {
        var t = shell.Texts;
        var (title, text) = status switch
        {
            404 => (t.NotFoundTitle, message ?? t.NotFoundText),
            403 => (t.DeniedTitle, message ?? t.NotFoundText),
            >= 500 => (t.ErrorTitle, t.ErrorText),
            _ => (t.ErrorTitle, message ?? t.ErrorText),
        };
        return Layout.Page(shell, title, $"""
            <section class="lost"><p class="lost-number" aria-hidden="true">{status}</p><h1>{title}</h1><p class="lead">{text}</p>
            <p class="actions"><a class="button" href="/">{t.Home}</a>{(status == 404 && shell.Viewer is null && !shell.Open ? (Html)$"<a class=\"button quiet\" href=\"{Links.SignIn(shell.Path)}\">{t.SignIn}</a>" : null)}</p></section>
            """);
    }
}
