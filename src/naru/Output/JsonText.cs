using System.Text;

namespace Naru.Cli.Output;

/// <summary>JSON laid out anew without being read: every token stays as the engine wrote it (Go's json.Indent).</summary>
internal static class JsonText
{
    /// <summary>A list of values, indented by four blanks, with a line's end after it.</summary>
    public static string IndentList(IReadOnlyList<byte[]> values)
    {
        var text = new StringBuilder("[");
        for (var index = 0; index < values.Count; index++)
        {
            text.Append(index > 0 ? ",\n    " : "\n    ");
            Indent(text, Encoding.UTF8.GetString(values[index]), 1);
        }

        return text.Append(values.Count > 0 ? "\n]\n" : "]\n").ToString();
    }

    private static void Indent(StringBuilder into, string json, int depth)
    {
        var quoted = false;
        for (var at = 0; at < json.Length; at++)
        {
            var letter = json[at];
            if (quoted)
            {
                into.Append(letter);
                if (letter == '\\')
                    into.Append(json[++at]);
                else if (letter == '"')
                    quoted = false;
                continue;
            }

            switch (letter)
            {
                case ' ' or '\t' or '\n' or '\r':
                    break;
                case '"':
                    quoted = true;
                    into.Append(letter);
                    break;
                case '{' or '[':
                    var next = at + 1;
                    while (next < json.Length && char.IsWhiteSpace(json[next]))
                        next++;
                    into.Append(letter);
                    if (next < json.Length && json[next] is '}' or ']')
                    {
                        into.Append(json[next]);
                        at = next;
                        break;
                    }

                    Line(into, ++depth);
                    break;
                case '}' or ']':
                    Line(into, --depth);
                    into.Append(letter);
                    break;
                case ',':
                    into.Append(letter);
                    Line(into, depth);
                    break;
                case ':':
                    into.Append(": ");
                    break;
                default:
                    into.Append(letter);
                    break;
            }
        }
    }

    private static void Line(StringBuilder into, int depth) => into.Append('\n').Append(' ', depth * 4);
}
