using Markdig;
using Markdig.Extensions.AutoLinks;
using Markdig.Extensions.TaskLists;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Naru.HubServer.Site.Markup;

namespace Naru.HubServer.Site.Components;

/// <summary>Readmes: CommonMark with tables, task lists and bare links; HTML in it is shown as text.</summary>
/// <remarks>
/// Links lead only to pages and mail addresses. Those that are relative mean files beside the readme, which are not here: they lead to the repository that the image was
/// made from where that is known, and are text where it is not; <c>/r/…</c> and <c>/u/…</c> are pages of this site, <c>#…</c> headings of the readme. Images become links:
/// the page's policy would refuse them from elsewhere, and none are here. Headings begin below the page's own.
/// </remarks>
internal static class Markdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml().UsePipeTables().UseTaskLists().UseEmphasisExtras().UseAutoLinks(new AutoLinkOptions { OpenInNewWindow = false }).Build();

    /// <param name="source">Where the files beside the readme are; null where nobody says.</param>
    public static Html Render(string markdown, SourceFiles? source = null)
    {
        try
        {
            return Written(markdown, source);
        }
        catch (ArgumentException)
        {
            // Quotes in quotes in quotes: deeper than the parser goes, and than anybody reads.
            return $"<pre>{markdown}</pre>";
        }
    }

    private static Html Written(string markdown, SourceFiles? source)
    {
        var document = Markdig.Markdown.Parse(markdown, Pipeline);
        Tame(document, source);
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return Html.Trusted(writer.ToString());
    }

    private static void Tame(MarkdownDocument document, SourceFiles? source)
    {
        var headings = new HeadingNames();
        List<LinkInline> links = [];
        foreach (var node in document.Descendants())
        {
            switch (node)
            {
                case HeadingBlock heading:
                    heading.Level = Math.Min(6, heading.Level + 1);
                    heading.GetAttributes().Id = headings.Add(heading);
                    break;
                case TaskList task:
                    task.GetAttributes().AddProperty("aria-label", task.Checked ? "✓" : "–");
                    break;
                case AutolinkInline auto:
                    if (!auto.IsEmail && !IsSafe(auto.Url))
                        auto.Url = "#";
                    auto.GetAttributes().AddProperty("rel", "nofollow noopener");
                    break;
                case LinkInline link:
                    links.Add(link);
                    break;
            }
        }

        foreach (var link in links)
            Lead(link, headings, source);
    }

    /// <summary>Turns a link or an image into a link that leads somewhere, or into its text.</summary>
    private static void Lead(LinkInline link, HeadingNames headings, SourceFiles? source)
    {
        if (link.IsImage && link.FirstChild is null)
            link.AppendChild(new LiteralInline(link.Url ?? ""));
        var url = link.IsImage && IsInLink(link) ? null : Target(link.Url ?? "", headings, source);
        if (url is null)
        {
            link.ReplaceBy(new ContainerInline(), copyChildren: true);
            return;
        }

        link.IsImage = false;
        link.Url = url;
        link.GetAttributes().AddProperty("rel", "nofollow noopener");
    }

    private static bool IsInLink(Inline inline)
    {
        for (var parent = inline.Parent; parent is not null; parent = parent.Parent)
        {
            if (parent is LinkInline { IsImage: false })
                return true;
        }

        return false;
    }

    private static string? Target(string url, HeadingNames headings, SourceFiles? source) =>
        !IsSafe(url) ? null
        : url.StartsWith('#') ? headings.Find(url[1..])
        : IsElsewhere(url) || url.StartsWith("/r/", StringComparison.Ordinal) || url.StartsWith("/u/", StringComparison.Ordinal) ? url
        : source?.Resolve(url);

    /// <summary>http, https, mailto, or relative to this site; browsers drop control characters from an address before they read its scheme.</summary>
    private static bool IsSafe(string url)
    {
        foreach (var letter in url)
        {
            if (letter < ' ')
                return false;
        }

        return !HasScheme(url) || url.AsSpan(0, url.IndexOf(':', StringComparison.Ordinal)).Trim().ToString().ToLowerInvariant() is "http" or "https" or "mailto";
    }

    private static bool HasScheme(string url) => url.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon && url.AsSpan(0, colon).IndexOfAny('/', '?', '#') < 0;

    private static bool IsElsewhere(string url) => HasScheme(url) || url.StartsWith("//", StringComparison.Ordinal) || url.StartsWith("/\\", StringComparison.Ordinal);
}
