using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>A repository: how to pull it, its readme, its tags.</summary>
internal static class RepositoryPage
{
    public static Html Render(Shell shell, RepositoryModel model)
    {
        var t = shell.Texts;
        var card = model.Card;
        return Layout.Page(shell, card.Name, $"""
            <div class="title-row">
            <div class="title"><h1 class="name">{Parts.Name(card.Name)}</h1>{Parts.Badges(shell, card)}</div>
            <div class="actions">{(model.TagCount > 1 ? (Html)$"<a class=\"button quiet\" href=\"{Links.Compare(card.Name)}\">{Icon.Compare}{t.CompareTags}</a>" : null)}{(model.MayAdminister ? (Html)$"<a class=\"button quiet\" href=\"{Links.RepositorySettings(card.Name)}\">{Icon.Gear}{t.Settings}</a>" : null)}</div>
            </div>
            {(card.Description.Length > 0 ? (Html)$"<p class=\"lead\">{card.Description}</p>" : null)}
            <div class="with-side">
            <div class="side">
            {(model.PullTag is { } tag ? (Html)$"<section class=\"panel\"><h2 class=\"small-title\">{t.Pull}</h2>{Parts.Command(shell, $"docker pull {shell.Host}/{card.Name}:{tag}", t.PullCommand)}</section>" : null)}
            <section class="panel"><h2 class="small-title">{t.Details}</h2>
            <dl class="facts-list">
            <div><dt>{t.PullsLabel}</dt><dd>{t.Number(card.Pulls)}</dd></div>
            <div><dt>{t.LastPush}</dt><dd>{(card.Pushed is { } pushed ? Parts.Ago(shell, pushed) : Html.Text(t.NeverPushed))}</dd></div>
            <div><dt>{t.TotalSize}</dt><dd>{t.Size(model.Size)}</dd></div>
            <div><dt>{t.Tags}</dt><dd>{t.Number(model.TagCount)}</dd></div>
            </dl></section>
            </div>
            <div class="main">
            {(model.Readme.Length > 0 ? (Html)$"<section class=\"panel prose\" aria-label=\"{t.Readme}\">{Markdown.Render(model.Readme, SourceFiles.Of(model.Source))}</section>" : null)}
            <section id="tags" class="panel flush">
            <div class="section-head padded"><h2>{t.Tags}</h2>{Filter(shell, model)}</div>
            {(model.Tags.Count == 0 ? None(shell, model) : Table(shell, model))}
            </section>
            {Parts.Pager(shell, model.Page, model.More, page => Links.Tags(card.Name, model.Filter, page))}
            </div>
            </div>
            """);
    }

    private static Html? Filter(Shell shell, RepositoryModel model) => model.TagCount == 0 ? null : (Html)$"""
        <form class="filter" action="{Links.Repository(model.Card.Name)}#tags"><input type="search" name="tag" value="{model.Filter}" aria-label="{shell.Texts.FilterTags}" placeholder="{shell.Texts.FilterTags}" spellcheck="false" autocapitalize="off"><button class="button quiet small">{shell.Texts.Filter}</button></form>
        """;

    private static Html None(Shell shell, RepositoryModel model) => model.TagCount > 0
        ? Parts.Empty(shell.Texts.NothingFound)
        : Parts.Empty(shell.Texts.NoTags, $"<p>{shell.Texts.NoTagsText}</p>{Parts.Command(shell, $"docker push {shell.Host}/{model.Card.Name}:latest", shell.Texts.NoTagsText)}");

    private static Html Table(Shell shell, RepositoryModel model)
    {
        var t = shell.Texts;
        return $"""
            <div class="scroll" tabindex="0" role="region" aria-label="{t.Tags}"><table class="tags">
            <thead><tr><th scope="col">{t.Tag}</th><th scope="col">{t.Platform}</th><th scope="col" class="number">{t.SizeLabel}</th><th scope="col">{t.Digest}</th><th scope="col">{t.Pushed}</th></tr></thead>
            {Html.Each(model.Tags, tag => Tag(shell, model.Card.Name, tag))}
            </table></div>
            """;
    }

    /// <summary>A tag, with a line for each platform.</summary>
    private static Html Tag(Shell shell, string repository, TagRow tag)
    {
        var t = shell.Texts;
        var lines = Math.Max(1, tag.Platforms.Count);
        Html head = $"""<th scope="rowgroup" rowspan="{lines}"><a href="{Links.Image(repository, tag.Name)}">{tag.Name}</a></th>""";
        Html pushed = $"""<td class="muted" rowspan="{lines}">{Parts.Ago(shell, tag.Pushed)}</td>""";
        if (tag.Platforms.Count == 0)
        {
            return $"""
                <tbody><tr>{head}<td class="muted">{(tag.ArtifactType is { } type ? Components.Referrers.Kind(t, type) : "–")}</td><td class="number">–</td><td><code>{Parts.Short(tag.Digest)}</code></td>{pushed}</tr></tbody>
                """;
        }

        return $"""
            <tbody>{Html.Each(tag.Platforms, (platform, i) => (Html)$"<tr>{(i == 0 ? head : null)}<td><a class=\"plain\" href=\"{Links.Platform(repository, tag.Name, platform.Digest)}\">{platform.Name}</a></td><td class=\"number\">{t.Size(platform.Size)}</td><td><code>{Parts.Short(platform.Digest)}</code></td>{(i == 0 ? pushed : null)}</tr>")}</tbody>
            """;
    }
}
