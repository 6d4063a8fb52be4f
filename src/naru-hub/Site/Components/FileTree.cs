using Naru.HubServer.Site.Markup;
using Naru.HubServer.Site.Models;

namespace Naru.HubServer.Site.Components;

/// <summary>The files of a layer, one folder a page; the page's program makes a tree of it that opens in place.</summary>
internal static class FileTree
{
    public static Html Render(Shell shell, TagModel model, FilesModel files)
    {
        var t = shell.Texts;
        var place = Place(model, files.LayerDigest);
        return $"""
            <div class="section-head padded"><h2>{t.Files}<span class="muted"> · {t.LayerNumber(place + 1)}</span></h2></div>
            {(files.Failure is { } failure ? (Html)$"<p class=\"empty-line muted\">{failure}</p>" : Tree(shell, model, files))}
            """;
    }

    private static Html Tree(Shell shell, TagModel model, FilesModel files)
    {
        var t = shell.Texts;
        return $"""
            <hub-tree data-source="{Links.FilesData(model.Repository, model.Shown.Digest, files.LayerDigest)}" data-label="{t.Files}" data-filter="{t.FilterFiles}" data-empty="{t.NoFiles}" data-cut="{t.FilesCut}" data-added="{t.Added}" data-changed="{t.Changed}" data-hidden="{t.Hidden}" data-same="{t.Unchanged}" data-failed="{t.FilesFailed}">
            {(files.Folder.Length > 0 ? Crumbs(shell, model, files) : null)}
            {(files.Entries.Count == 0 ? (Html)$"<p class=\"empty-line muted\">{t.NoFiles}</p>" : (Html)$"<ul class=\"tree\">{Html.Each(files.Entries, entry => Row(shell, model, files, entry))}</ul>")}
            {(files.Cut ? (Html)$"<p class=\"empty-line muted\">{t.FilesCut}</p>" : null)}
            </hub-tree>
            """;
    }

    private static Html Crumbs(Shell shell, TagModel model, FilesModel files)
    {
        Html crumbs = $"""<a href="{Link(model, files, "")}">{shell.Texts.Root}</a>""";
        for (int at = 0, end; at < files.Folder.Length; at = end + 1)
        {
            end = files.Folder.IndexOf('/', at) is >= 0 and var slash ? slash : files.Folder.Length;
            crumbs.AppendFormatted((Html)$" / <a href=\"{Link(model, files, files.Folder[..end])}\">{files.Folder[at..end]}</a>");
        }

        return $"""<p class="crumbs">{crumbs}</p>""";
    }

    private static Html Row(Shell shell, TagModel model, FilesModel files, FileRow entry) => $"""
        <li class="node {ClassOf(entry.Change)}"><span class="sign" aria-hidden="true">{Sign(entry.Change)}</span>{(entry.Folder ? Icon.Folder : Icon.File)}{(entry.Folder ? (Html)$"<a class=\"node-name\" href=\"{Link(model, files, entry.Path)}\">{entry.Name}</a>" : (Html)$"<span class=\"node-name\">{entry.Name}</span>")}{(entry.Target is { } target ? (Html)$"<span class=\"muted node-target\">→ {target}</span>" : null)}<span class="spoken">{Word(shell, entry.Change)}</span><span class="node-mode muted">{entry.Mode}</span><span class="node-size">{(entry.Change == FileChange.Hidden ? "" : shell.Texts.Size(entry.Size))}</span></li>
        """;

    public static string ClassOf(FileChange change) => change switch
    {
        FileChange.Added => "added",
        FileChange.Changed => "changed",
        FileChange.Hidden => "hidden",
        _ => "same",
    };

    private static string Sign(FileChange change) => change switch
    {
        FileChange.Added => "+",
        FileChange.Changed => "~",
        FileChange.Hidden => "−",
        _ => "",
    };

    private static string Word(Shell shell, FileChange change) => change switch
    {
        FileChange.Added => shell.Texts.Added,
        FileChange.Changed => shell.Texts.Changed,
        FileChange.Hidden => shell.Texts.Hidden,
        _ => shell.Texts.Unchanged,
    };

    private static string Link(TagModel model, FilesModel files, string folder) =>
        Links.Files(model.Repository, model.Reference, model.Shown.Digest, files.LayerDigest, folder);

    private static int Place(TagModel model, string digest)
    {
        var place = -1;
        foreach (var layer in model.Layers)
        {
            if (layer.Digest is null)
                continue;
            place++;
            if (layer.Digest == digest)
                return place;
        }

        return 0;
    }
}
