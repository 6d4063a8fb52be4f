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
/// Links lead only to pages and mail addresses; images are shown only from this site, as the policy of the page would refuse others: those become links.
/// Headings begin below the page's own.
/// </remarks>
internal static class Markdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .DisableHtml().UsePipeTables().UseTaskLists().UseEmphasisExtras().UseAutoLinks(new AutoLinkOptions { OpenInNewWindow = false }).Build();

    public static Html Render(string markdown)
    {
        try
        {
            return Written(markdown);
        }
        catch (ArgumentException)
        {
            // Quotes in quotes in quotes: deeper than the parser goes, and than anybody reads.
            return $"<pre>{markdown}</pre>";
        }
    }

    private static Html Written(string markdown)
    {
        var document = Markdig.Markdown.Parse(markdown, Pipeline);
        Tame(document);
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        Pipeline.Setup(renderer);
        renderer.Render(document);
        return Html.Trusted(writer.ToString());
    }

    private static void Tame(MarkdownDocument document)
    {
        List<LinkInline> images = [];
        foreach (var node in document.Descendants())
        {
            switch (node)
            {
                case HeadingBlock heading:
                    heading.Level = Math.Min(6, heading.Level + 1);
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
                    if (!IsSafe(link.Url))
                        link.Url = "#";
                    if (link.IsImage && IsElsewhere(link.Url))
                        images.Add(link);
                    else if (!link.IsImage)
                        link.GetAttributes().AddProperty("rel", "nofollow noopener");
                    break;
            }
        }

        foreach (var image in images)
        {
            image.IsImage = false;
            image.GetAttributes().AddProperty("rel", "nofollow noopener");
            if (image.FirstChild is null)
                image.AppendChild(new LiteralInline(image.Url ?? ""));
        }
    }

    /// <summary>http, https, mailto, or relative to this site; browsers drop control characters from an address before they read its scheme.</summary>
    private static bool IsSafe(string? url)
    {
        if (url is null)
            return true;
        foreach (var letter in url)
        {
            if (letter < ' ')
                return false;
        }

        var colon = url.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || url.AsSpan(0, colon).IndexOfAny('/', '?', '#') >= 0)
            return true;
        return url.AsSpan(0, colon).Trim().ToString().ToLowerInvariant() is "http" or "https" or "mailto";
    }

    private static bool IsElsewhere(string? url) => url is not null && (url.Contains(':', StringComparison.Ordinal) || url.StartsWith("//", StringComparison.Ordinal) || url.StartsWith("/\\", StringComparison.Ordinal));
}
