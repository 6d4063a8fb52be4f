namespace Naru.HubServer.Site.Markup;

/// <summary>The site's icons: strokes in the colour of the text around them, on a grid of 20, hidden from screen readers.</summary>
internal static class Icon
{
    public static readonly Html Search = Draw("""<circle cx="8.5" cy="8.5" r="5.5"/><path d="m13 13 4.5 4.5"/>""");
    public static readonly Html Lock = Draw("""<rect x="4" y="9" width="12" height="8" rx="2"/><path d="M6.5 9V6.5a3.5 3.5 0 0 1 7 0V9"/>""");
    public static readonly Html Copy = Draw("""<rect x="7" y="7" width="10" height="10" rx="2"/><path d="M13 7V5a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v6a2 2 0 0 0 2 2h2"/>""");
    public static readonly Html Check = Draw("""<path d="m4 10.5 4 4 8-9"/>""");
    public static readonly Html Pulls = Draw("""<path d="M10 3v9.5M6 9l4 4 4-4M3.5 16.5h13"/>""");
    public static readonly Html Clock = Draw("""<circle cx="10" cy="10" r="7"/><path d="M10 6v4l2.5 2"/>""");
    public static readonly Html Tag = Draw("""<path d="M3 4v5.6l7.6 7.2a1.4 1.4 0 0 0 2 0l4.2-4.2a1.4 1.4 0 0 0 0-2L9.6 3H4a1 1 0 0 0-1 1Z"/><circle cx="6.6" cy="6.6" r=".6"/>""");
    public static readonly Html Layers = Draw("""<path d="m10 3 7 3.5-7 3.5-7-3.5ZM3 10l7 3.5 7-3.5M3 13.5 10 17l7-3.5"/>""");
    public static readonly Html Folder = Draw("""<path d="M2.5 5.5a1.5 1.5 0 0 1 1.5-1.5h3.5l2 2H16A1.5 1.5 0 0 1 17.5 7.5v7A1.5 1.5 0 0 1 16 16H4a1.5 1.5 0 0 1-1.5-1.5Z"/>""");
    public static readonly Html File = Draw("""<path d="M5 2.5h6l4 4v11H5ZM11 2.5v4h4"/>""");
    public static readonly Html Link = Draw("""<path d="M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3L10.5 5.2M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1"/>""");
    public static readonly Html Theme = Draw("""<circle cx="10" cy="10" r="7"/><path d="M10 3a7 7 0 0 1 0 14Z" fill="currentColor" stroke="none"/>""");
    public static readonly Html Language = Draw("""<circle cx="10" cy="10" r="7"/><path d="M3 10h14M10 3c2.4 2 3.5 4.4 3.5 7s-1.1 5-3.5 7c-2.4-2-3.5-4.4-3.5-7S7.6 5 10 3"/>""");
    public static readonly Html Compare = Draw("""<path d="M7 4 3.5 7.5 7 11M3.5 7.5H14M13 9l3.5 3.5L13 16M16.5 12.5H6"/>""");
    public static readonly Html Gear = Draw("""<circle cx="10" cy="10" r="2.5"/><path d="M10 2.5v3M10 14.5v3M2.5 10h3M14.5 10h3M4.7 4.7l2.1 2.1M13.2 13.2l2.1 2.1M15.3 4.7l-2.1 2.1M6.8 13.2l-2.1 2.1"/>""");
    public static readonly Html Seal = Draw("""<path d="m10 2.5 6 2.2v4.8c0 3.7-2.5 6.5-6 8-3.5-1.5-6-4.3-6-8V4.7Z"/><path d="m7.3 9.8 2 2 3.5-3.8"/>""");

    /// <summary>The mark of the site: two slices of a cake, ferried. A naru is a landing where boats cross.</summary>
    public static readonly Html Mark = Html.Trusted("""
        <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true"><path class="mark-top" d="M8 9c0-2.2 3.6-4 8-4s8 1.8 8 4v3.5c0 2.2-3.6 4-8 4s-8-1.8-8-4Z"/><path class="mark-lid" d="M16 5c4.4 0 8 1.8 8 4s-3.6 4-8 4-8-1.8-8-4 3.6-4 8-4Z"/><path class="mark-hull" d="M3 17.5c3 1.7 7.7 2.7 13 2.7s10-1 13-2.7c-.6 5.5-5.4 8.5-13 8.5S3.6 23 3 17.5Z"/><path class="mark-water" d="M4 29c2 0 2-1 4-1s2 1 4 1 2-1 4-1 2 1 4 1 2-1 4-1 2 1 4 1"/></svg>
        """);

    private static Html Draw(string shapes) => Html.Trusted($"""<svg class="icon" viewBox="0 0 20 20" width="16" height="16" aria-hidden="true">{shapes}</svg>""");
}
