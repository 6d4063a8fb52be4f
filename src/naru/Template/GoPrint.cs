using System.Globalization;
using System.Text;

namespace Naru.Cli.Template;

/// <summary>Values as Go prints, tests and marshals them.</summary>
internal static class GoPrint
{
    public static string Text(object? value) => value is null ? "<no value>" : Inner(value);

    /// <summary>Go's truth: not the zero of the type, not empty.</summary>
    public static bool Truth(object? value) => value switch
    {
        null or ZeroValue or false or 0L or 0.0 or "" => false,
        IReadOnlyDictionary<string, object?> map => map.Count > 0,
        IReadOnlyCollection<object?> list => list.Count > 0,
        _ => true,
    };

    /// <summary>The Go type that the value has in Docker's data, for errors.</summary>
    public static string TypeName(object? value) => value switch
    {
        string => "string",
        long => "int",
        double => "float64",
        bool => "bool",
        IReadOnlyDictionary<string, object?> => "map[string]interface {}",
        IReadOnlyList<object?> => "[]interface {}",
        ITemplateFields row => row.TypeName,
        _ => "interface {}",
    };

    public static string Json(object? value)
    {
        var text = new StringBuilder();
        WriteJson(text, value);
        return text.ToString();
    }

    /// <summary>A JSON string with Go's escapes (&lt;, &gt; and &amp; too).</summary>
    public static void WriteJsonText(StringBuilder into, string value)
    {
        into.Append('"');
        foreach (var letter in value)
        {
            _ = letter switch
            {
                '"' => into.Append("\\\""),
                '\\' => into.Append("\\\\"),
                '\n' => into.Append("\\n"),
                '\r' => into.Append("\\r"),
                '\t' => into.Append("\\t"),
                '\b' => into.Append("\\b"),
                '\f' => into.Append("\\f"),
                < ' ' or '<' or '>' or '&' or '\u2028' or '\u2029' => into.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => into.Append(letter),
            };
        }

        into.Append('"');
    }

    private static string Inner(object? value) => value switch
    {
        null => "<nil>",
        string text => text,
        bool flag => flag ? "true" : "false",
        long whole => whole.ToString(CultureInfo.InvariantCulture),
        double number => number.ToString("R", CultureInfo.InvariantCulture).ToLowerInvariant(),
        ZeroValue zero => zero.Text,
        IReadOnlyDictionary<string, object?> map => $"map[{string.Join(' ', map.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}:{Inner(pair.Value)}"))}]",
        IReadOnlyList<object?> list => $"[{string.Join(' ', list.Select(Inner))}]",
        ITemplateFields row => row.Json(),
        _ => value.ToString() ?? "",
    };

    private static void WriteJson(StringBuilder into, object? value)
    {
        switch (value)
        {
            case null:
                into.Append("null");
                break;
            case string text:
                WriteJsonText(into, text);
                break;
            case ITemplateFields row:
                into.Append(row.Json());
                break;
            case ZeroValue zero:
                into.Append(zero.Json);
                break;
            case IReadOnlyDictionary<string, object?> map:
                into.Append('{');
                var first = true;
                foreach (var (key, item) in map)
                {
                    if (!first)
                        into.Append(',');
                    first = false;
                    WriteJsonText(into, key);
                    into.Append(':');
                    WriteJson(into, item);
                }

                into.Append('}');
                break;
            case IReadOnlyList<object?> list:
                into.Append('[');
                for (var index = 0; index < list.Count; index++)
                {
                    if (index > 0)
                        into.Append(',');
                    WriteJson(into, list[index]);
                }

                into.Append(']');
                break;
            default:
                into.Append(Inner(value));
                break;
        }
    }
}
