using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Naru.HubServer.Site.Markup;

/// <summary>A piece of a page, written as an interpolated string: what stands in it is markup, what fills its holes is text, and escaped.</summary>
/// <remarks>
/// <c>Html row = $"&lt;td&gt;{name}&lt;/td&gt;"</c>. A hole that holds another piece is taken as it is; null is nothing. There is one way to make markup
/// out of a string that was not written in the source: <see cref="Trusted"/>.
/// </remarks>
[InterpolatedStringHandler]
internal sealed class Html
{
    public static readonly Html Empty = new(0, 0);

    private readonly StringBuilder text;

    public Html(int literalLength, int holes) => text = new StringBuilder(literalLength + (holes * 24));

    /// <summary>Markup made elsewhere, by something that escapes as this does.</summary>
    public static Html Trusted(string markup)
    {
        var html = new Html(markup.Length, 0);
        html.text.Append(markup);
        return html;
    }

    /// <summary>Text alone, escaped.</summary>
    public static Html Text(string value)
    {
        var html = new Html(value.Length, 0);
        html.AppendFormatted(value);
        return html;
    }

    /// <summary>A piece for each of some things, one after the other.</summary>
    public static Html Each<T>(IReadOnlyList<T> things, Func<T, Html> piece)
        where T : class
    {
        var html = new Html(things.Count * 100, 0);
        for (var i = 0; i < things.Count; i++)
            html.AppendFormatted(piece(things[i]));
        return html;
    }

    /// <summary>A piece for each of some things, told its place.</summary>
    public static Html Each<T>(IReadOnlyList<T> things, Func<T, int, Html> piece)
        where T : class
    {
        var html = new Html(things.Count * 100, 0);
        for (var i = 0; i < things.Count; i++)
            html.AppendFormatted(piece(things[i], i));
        return html;
    }

    public void AppendLiteral(string markup) => text.Append(markup);

    public void AppendFormatted(Html? piece)
    {
        if (piece is not null)
            text.Append(piece.text);
    }

    public void AppendFormatted(int number) => text.Append(CultureInfo.InvariantCulture, $"{number}");

    public void AppendFormatted(long number) => text.Append(CultureInfo.InvariantCulture, $"{number}");

    /// <summary>A length of a drawing, to a tenth.</summary>
    public void AppendFormatted(double number) => text.Append(CultureInfo.InvariantCulture, $"{number:0.#}");

    /// <summary>Text, safe between tags and within quoted attributes.</summary>
    public void AppendFormatted(string? value)
    {
        if (value is null)
            return;
        var rest = value.AsSpan();
        for (int at; (at = rest.IndexOfAny("<>&\"'")) >= 0; rest = rest[(at + 1)..])
        {
            text.Append(rest[..at]).Append(rest[at] switch
            {
                '<' => "&lt;",
                '>' => "&gt;",
                '&' => "&amp;",
                '"' => "&quot;",
                _ => "&#39;",
            });
        }

        text.Append(rest);
    }

    public override string ToString() => text.ToString();
}
