using System.Text;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Naru.HubServer.Site.Components;

/// <summary>The ids of a readme's headings, made of their words as forges make them, and apart from the page's own.</summary>
internal sealed class HeadingNames
{
    private const string Prefix = "readme-";
    private const int Longest = 80;

    /// <summary>Each name, and how many headings have it.</summary>
    private readonly Dictionary<string, int> taken = new(StringComparer.Ordinal);

    /// <summary>The id of a heading; null for one without words.</summary>
    public string? Add(HeadingBlock heading)
    {
        var text = new StringBuilder();
        foreach (var inline in heading.Inline?.Descendants() ?? [])
        {
            if (inline is LiteralInline literal)
                text.Append(literal.Content.AsSpan());
            else if (inline is CodeInline code)
                text.Append(code.Content);
        }

        var name = Name(text.ToString());
        if (name.Length == 0)
            return null;
        var before = taken.GetValueOrDefault(name);
        taken[name] = before + 1;
        return before == 0 ? Prefix + name : $"{Prefix}{name}-{before}";
    }

    /// <summary>The link to a heading; null where there is none of that name.</summary>
    public string? Find(string fragment) => Name(Uri.UnescapeDataString(fragment)) is { Length: > 0 } name && taken.ContainsKey(name) ? $"#{Prefix}{name}" : null;

    private static string Name(string text)
    {
        var name = new StringBuilder();
        foreach (var letter in text.Length > Longest ? text[..Longest] : text)
        {
            if (char.IsLetterOrDigit(letter) || letter is '-' or '_')
                name.Append(char.ToLowerInvariant(letter));
            else if (letter == ' ')
                name.Append('-');
        }

        return name.ToString();
    }
}
