using System.Text;
using Naru.Cli.Template;

namespace Naru.Cli.Output;

/// <summary>`--filter name=value` options as the API takes them: {"name":{"value":true}}.</summary>
internal static class Filters
{
    /// <summary>Checks one filter, for the flag.</summary>
    public static string Validate(string text)
    {
        if (text.Length > 0 && !text.Contains('='))
            throw new FlagException("bad format of filter (expected name=value)");
        return text;
    }

    /// <summary>Name and value of one filter; the name in lower case, both trimmed, as Docker does.</summary>
    public static (string Name, string Value) Split(string text)
    {
        var at = text.IndexOf('=');
        return (text[..at].Trim().ToLowerInvariant(), text[(at + 1)..].Trim());
    }

    /// <summary>The query parameter's value, or null without filters.</summary>
    public static string? Query(IEnumerable<string> filters, params IEnumerable<(string Name, string Value)> more)
    {
        var groups = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var (name, value) in filters.Where(text => text.Length > 0).Select(Split).Concat(more))
        {
            if (!groups.TryGetValue(name, out var values))
                groups[name] = values = new SortedSet<string>(StringComparer.Ordinal);
            values.Add(value);
        }

        if (groups.Count == 0)
            return null;
        var json = new StringBuilder("{");
        foreach (var (name, values) in groups)
        {
            if (json.Length > 1)
                json.Append(',');
            GoPrint.WriteJsonText(json, name);
            json.Append(":{");
            foreach (var value in values)
            {
                if (json[^1] != '{')
                    json.Append(',');
                GoPrint.WriteJsonText(json, value);
                json.Append(":true");
            }

            json.Append('}');
        }

        return json.Append('}').ToString();
    }
}
