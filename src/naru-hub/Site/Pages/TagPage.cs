using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>An image: the cake of its layers, how each was made, the files of one, its config, and what is attached to it.</summary>
internal static class TagPage
{
    public static Html Render(Shell shell, TagModel model)
    {
        var t = shell.Texts;
        var separator = model.Reference.Contains(':', StringComparison.Ordinal) ? '@' : ':';
        var shown = model.Reference.Length > 30 ? $"{model.Reference[..19]}…" : model.Reference;
        return Layout.Page(shell, $"{model.Repository}{separator}{shown}", $"""
            <div class="title-row">
            <div class="title"><h1 class="name"><a class="plain" href="{Links.Repository(model.Repository)}">{Parts.Name(model.Repository)}</a><span class="reference">{separator.ToString()}{shown}</span></h1></div>
            {Compare(shell, model)}
            </div>
            <p class="facts wide-facts"><span>{Icon.Layers}{t.LayerCount(LayerCount(model))}</span><span>{Icon.Pulls}{t.Size(model.Shown.Size)}</span><span>{Icon.Clock}{Parts.Time(model.Pushed, t.PushedAgo(model.Pushed, shell.Now))}</span><span>{Parts.Digest(shell, model.Shown.Digest)}</span></p>
            {Platforms(shell, model)}
            {Parts.Command(shell, $"docker pull {shell.Host}/{model.Repository}{separator}{model.Reference}", t.PullCommand)}
            {(LayerCount(model) == 0 ? Parts.Empty(t.NoLayers) : Layers(shell, model))}
            <div class="columns">
            {Config(shell, model)}
            {Attached(shell, model)}
            </div>
            {(model.MayDelete ? (Html)$"<p class=\"actions tag-actions\">{Forms.Button(shell, $"{Links.Repository(model.Repository)}/-/delete-tag", Forms.Hidden("tag", model.Reference), shell.Texts.DeleteTag, null, "bad small")}</p>" : null)}
            """);
    }

    private static int LayerCount(TagModel model)
    {
        var count = 0;
        foreach (var layer in model.Layers)
            count += layer.Digest is null ? 0 : 1;
        return count;
    }

    private static Html? Compare(Shell shell, TagModel model)
    {
        var t = shell.Texts;
        if (model.OtherTags.Count == 0 || model.Reference.Contains(':', StringComparison.Ordinal))
            return null;
        return $"""
            <form class="actions compare-with" action="{Links.Compare(model.Repository)}"><input type="hidden" name="to" value="{model.Reference}"><label class="muted" for="from">{t.CompareWith}</label><select id="from" name="from">{Html.Each(model.OtherTags, tag => (Html)$"<option>{tag}</option>")}</select><button class="button quiet">{Icon.Compare}{t.Compare}</button></form>
            """;
    }

    private static Html? Platforms(Shell shell, TagModel model)
    {
        if (model.Platforms.Count < 2)
            return model.Shown.Name.Length > 0 ? (Html)$"""<p class="chips"><span class="chip">{model.Shown.Name}</span></p>""" : null;
        return $"""
            <nav class="chips" aria-label="{shell.Texts.Platforms}">{Html.Each(model.Platforms, platform => (Html)$"<a class=\"chip\" href=\"{Links.Platform(model.Repository, model.Reference, platform.Digest)}\"{(platform.Digest == model.Shown.Digest ? (Html)$" aria-current=\"true\"" : null)}>{platform.Name}<span class=\"muted\">{shell.Texts.Size(platform.Size)}</span></a>")}</nav>
            """;
    }

    private static Html Layers(Shell shell, TagModel model)
    {
        var t = shell.Texts;
        return $"""
            <hub-image class="bakery">
            <section class="cake-place">{LayerCake.Render(shell, model)}<p class="hint">{t.LayersHint}</p></section>
            <section class="steps-place"><h2>{t.Layers}</h2><ol class="steps" reversed>{Steps(shell, model)}</ol></section>
            <section id="files" class="panel flush files" aria-live="polite">{Files(shell, model)}</section>
            </hub-image>
            """;
    }

    /// <summary>The steps, the last one first, as they lie in the picture.</summary>
    private static Html Steps(Shell shell, TagModel model)
    {
        Html steps = $"";
        var place = LayerCount(model);
        for (var i = model.Layers.Count - 1; i >= 0; i--)
            steps.AppendFormatted(model.Layers[i].Digest is null ? Step(shell, model.Layers[i]) : Step(shell, model, model.Layers[i], --place));
        return steps;
    }

    private static Html Step(Shell shell, LayerRow step) => $"""
        <li class="step without"><span class="swatch"></span><code class="step-text">{Instruction(shell, step)}</code><span class="spoken">{shell.Texts.ConfigOnly}</span></li>
        """;

    private static Html Step(Shell shell, TagModel model, LayerRow step, int place)
    {
        var t = shell.Texts;
        var chosen = model.Files?.LayerDigest == step.Digest;
        return $"""
            <li class="step tone-{LayerCake.Tone(place)}{(chosen ? " chosen" : "")}" data-layer="{step.Digest}"><span class="swatch"></span><a class="step-text cover" href="{Links.Files(model.Repository, model.Reference, model.Shown.Digest, step.Digest!)}"{(chosen ? (Html)$" aria-current=\"true\"" : null)}><code>{Instruction(shell, step)}</code></a><span class="step-size">{t.Size(step.Size)}</span>{Counts(shell, step)}</li>
            """;
    }

    private static Html Instruction(Shell shell, LayerRow step) => step.Word.Length == 0 && step.Arguments.Length == 0
        ? (Html)$"""<span class="muted">{shell.Texts.UnknownStep}</span>"""
        : (Html)$"""{(step.Word.Length > 0 ? (Html)$"<b>{step.Word}</b> " : null)}{step.Arguments}""";

    private static Html? Counts(Shell shell, LayerRow step)
    {
        var t = shell.Texts;
        return step.Counts is not { } counts ? null : (Html)$"""
            <span class="counts"><span class="added" title="{t.Added}">+{t.Number(counts.Added)}</span><span class="changed" title="{t.Changed}">~{t.Number(counts.Changed)}</span><span class="hidden" title="{t.Hidden}">−{t.Number(counts.Hidden)}</span></span>
            """;
    }

    private static Html Files(Shell shell, TagModel model)
    {
        var t = shell.Texts;
        if (model.Files is { } files)
            return FileTree.Render(shell, model, files);
        return $"""<div class="section-head padded"><h2>{t.Files}</h2></div><p class="empty-line muted">{t.FilesHint}</p>""";
    }

    private static Html Config(Shell shell, TagModel model)
    {
        var t = shell.Texts;
        return $"""
            <section class="panel"><h2 class="small-title">{t.Config}</h2>
            <dl class="pairs">
            {(model.Created is { } created ? (Html)$"<div><dt>{t.Created}</dt><dd>{Parts.Time(created, t.Day(created))}</dd></div>" : null)}
            {Html.Each(model.Config, row => (Html)$"<div><dt>{t.ConfigName(row.Name)}</dt><dd><code>{row.Value}</code></dd></div>")}
            <div><dt>{t.MediaType}</dt><dd><code>{model.MediaType}</code></dd></div>
            </dl>
            {(model.Environment.Count == 0 ? null : (Html)$"<h3>{t.Environment}</h3><ul class=\"lines\">{Html.Each(model.Environment, Variable)}</ul>")}
            {(model.Labels.Count == 0 ? null : (Html)$"<h3>{t.Labels}</h3><dl class=\"pairs stacked\">{Html.Each(model.Labels, row => (Html)$"<div><dt><code>{row.Name}</code></dt><dd>{row.Value}</dd></div>")}</dl>")}
            </section>
            """;
    }

    private static Html Variable(string variable)
    {
        var equals = variable.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (Html)$"<li><code>{variable}</code></li>" : (Html)$"<li><code><b>{variable[..equals]}</b>{variable[equals..]}</code></li>";
    }

    private static Html Attached(Shell shell, TagModel model)
    {
        var t = shell.Texts;
        return $"""
            <section class="panel"><h2 class="small-title">{t.Referrers}</h2>
            {(model.Referrers.Count == 0 ? (Html)$"<p class=\"muted\">{t.NoReferrers}</p>" : (Html)$"<p class=\"hint\">{t.ReferrersHint}</p><ul class=\"attached\">{Html.Each(model.Referrers, referrer => Referrer(shell, model, referrer))}</ul>")}
            </section>
            """;
    }

    private static Html Referrer(Shell shell, TagModel model, ReferrerRow referrer) => $"""
        <li>{Icon.Seal}<div><a href="{Links.Image(model.Repository, referrer.Digest)}">{Referrers.Kind(shell.Texts, referrer.ArtifactType)}</a><p class="hint"><code>{referrer.ArtifactType}</code></p><p class="hint">{shell.Texts.Size(referrer.Size)} · {Parts.Ago(shell, referrer.Pushed)}</p></div></li>
        """;
}
