using Naru.HubServer.Site.Components;
using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Pages;

/// <summary>Two tags side by side: layers, config, files.</summary>
internal static class ComparePage
{
    public static Html Render(Shell shell, CompareModel model)
    {
        var t = shell.Texts;
        return Layout.Page(shell, $"{t.CompareTags} · {model.Repository}", $"""
            <p class="crumbs"><a href="{Links.Repository(model.Repository)}">{model.Repository}</a></p>
            <h1>{t.CompareTags}</h1>
            <form class="compare-form panel" action="{Links.Compare(model.Repository)}">
            {Choice(t.From, "from", model.From, model.Tags)}<span class="compare-arrow" aria-hidden="true">→</span>{Choice(t.To, "to", model.To, model.Tags)}
            <button class="button">{Icon.Compare}{t.Compare}</button>
            </form>
            {(model.Compared is { } compared ? Compared(shell, model, compared) : Parts.Empty(t.CompareHint))}
            """);
    }

    private static Html Choice(string label, string name, string chosen, IReadOnlyList<string> tags) => $"""
        <div class="field"><label for="{name}">{label}</label><input id="{name}" name="{name}" value="{chosen}" list="{name}-tags" required spellcheck="false" autocapitalize="off"><datalist id="{name}-tags">{Html.Each(tags, tag => (Html)$"<option value=\"{tag}\"></option>")}</datalist></div>
        """;

    private static Html Compared(Shell shell, CompareModel model, ComparedModel compared)
    {
        var t = shell.Texts;
        var difference = compared.ToSize - compared.FromSize;
        if (compared.Platform.Length == 0)
            return Parts.Empty(t.NoCommonPlatform);
        return $"""
            <div class="versus">
            {Side(shell, model, model.From, compared.FromSize)}
            <p class="versus-middle"><span class="chip">{compared.Platform}</span><b>{(difference == 0 ? t.SameSize : difference > 0 ? t.Larger(t.Size(difference)) : t.Smaller(t.Size(-difference)))}</b></p>
            {Side(shell, model, model.To, compared.ToSize)}
            </div>
            <section class="panel flush"><div class="section-head padded"><h2>{t.Layers}</h2></div><ol class="steps compared">{Html.Each(compared.Layers, layer => Layer(shell, model, layer))}</ol></section>
            <section class="panel flush"><div class="section-head padded"><h2>{t.Config}</h2></div>{(compared.Config.Count == 0 ? (Html)$"<p class=\"empty-line muted\">{t.SameConfig}</p>" : Config(shell, model, compared))}</section>
            <section class="panel flush"><hub-filter data-label="{t.FilterFiles}"><div class="section-head padded"><h2>{t.Files}</h2></div>{Files(shell, compared)}</hub-filter></section>
            """;
    }

    private static Html Side(Shell shell, CompareModel model, string reference, long size) => $"""
        <p class="versus-side"><a class="reference" href="{Links.Image(model.Repository, reference)}">{reference}</a><span class="muted">{shell.Texts.Size(size)}</span></p>
        """;

    private static Html Layer(Shell shell, CompareModel model, ComparedLayer layer)
    {
        var t = shell.Texts;
        var (style, sign, word) = layer.Side switch
        {
            ComparedSide.From => ("hidden", "−", t.OnlyFrom(model.From)),
            ComparedSide.To => ("added", "+", t.OnlyFrom(model.To)),
            _ => ("same", "", t.InBoth),
        };
        return $"""
            <li class="step {style}"><span class="sign" aria-hidden="true">{sign}</span><span class="step-text"><code>{(layer.Word.Length > 0 ? (Html)$"<b>{layer.Word}</b> {layer.Arguments}" : (Html)$"{Parts.Short(layer.Digest)}")}</code></span><span class="step-size">{t.Size(layer.Size)}</span><span class="counts muted">{word}</span></li>
            """;
    }

    private static Html Config(Shell shell, CompareModel model, ComparedModel compared)
    {
        var t = shell.Texts;
        return $"""
            <div class="scroll" tabindex="0" role="region" aria-label="{t.Config}"><table class="values"><thead><tr><th scope="col">{t.Setting}</th><th scope="col">{model.From}</th><th scope="col">{model.To}</th></tr></thead>
            <tbody>{Html.Each(compared.Config, value => (Html)$"<tr><th scope=\"row\">{t.ConfigName(value.Name)}</th><td>{Value(shell, value.From)}</td><td>{Value(shell, value.To)}</td></tr>")}</tbody></table></div>
            """;
    }

    private static Html Value(Shell shell, string? value) => value is null ? (Html)$"<span class=\"muted\">{shell.Texts.None}</span>" : (Html)$"<code>{value}</code>";

    private static Html Files(Shell shell, ComparedModel compared)
    {
        var t = shell.Texts;
        if (compared.Failure is { } failure)
            return $"""<p class="empty-line muted">{failure}</p>""";
        if (compared.Files.Count == 0)
            return $"""<p class="empty-line muted">{t.SameFiles}</p>""";
        return $"""
            <ul class="tree">{Html.Each(compared.Files, file => File(shell, file))}</ul>
            {(compared.FilesCut ? (Html)$"<p class=\"empty-line muted\">{t.FilesCut}</p>" : null)}
            """;
    }

    private static Html File(Shell shell, ComparedFile file)
    {
        var t = shell.Texts;
        var (sign, word) = file.Change switch
        {
            FileChange.Added => ("+", t.Added),
            FileChange.Hidden => ("−", t.Hidden),
            _ => ("~", t.Changed),
        };
        return $"""
            <li class="node {FileTree.ClassOf(file.Change)}"><span class="sign" aria-hidden="true">{sign}</span><span class="node-name">{file.Path}</span><span class="spoken">{word}</span><span class="node-size">{(file.From is { } from ? t.Size(from) : "")}{(file.From is not null && file.To is not null ? " → " : "")}{(file.To is { } to ? t.Size(to) : "")}</span></li>
            """;
    }
}
