using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>The first page: search, what is pulled most, what was pushed last.</summary>
internal static class HomePage
{
    public static Html Render(Shell shell, HomeModel model)
    {
        var t = shell.Texts;
        return Layout.Page(shell, "", $"""
            <section class="hero">
            <h1>{t.HomeTitle}</h1>
            <p class="lead">{t.HomeText}</p>
            {SearchField.Render(shell, large: true)}
            </section>
            {(model.Popular.Count == 0 ? First(shell) : Lists(shell, model))}
            """, searchable: false);
    }

    private static Html Lists(Shell shell, HomeModel model) => $"""
        <section><div class="section-head"><h2>{shell.Texts.Popular}</h2><span class="muted">{shell.Texts.RepositoryCount(model.Repositories)}</span></div>{Parts.Cards(shell, model.Popular)}</section>
        {(model.Recent.Count == 0 ? null : (Html)$"<section><h2>{shell.Texts.Recent}</h2>{Parts.Cards(shell, model.Recent)}</section>")}
        """;

    private static Html First(Shell shell)
    {
        var name = $"{shell.Host}/{(shell.Viewer is { } viewer ? $"{viewer}/" : "")}hello:latest";
        return Parts.Empty(shell.Texts.EmptyTitle, $"<p>{shell.Texts.EmptyText}</p>{Parts.Command(shell, $"docker push {name}", shell.Texts.EmptyText)}");
    }
}
