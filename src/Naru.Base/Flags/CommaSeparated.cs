using System.Text;

namespace Naru.Base.Flags;

/// <summary>One line of comma-separated values by encoding/csv's rules, as --mount and pflag's slices read it.</summary>
public static class CommaSeparated
{
    /// <exception cref="FlagException">A quote stands where none may.</exception>
    public static List<string> Split(string line)
    {
        var fields = new List<string>();
        var at = 0;
        if (line.Length == 0)
            return fields;
        while (true)
        {
            if (at < line.Length && line[at] == '"')
            {
                var field = new StringBuilder();
                at++;
                while (true)
                {
                    var close = line.IndexOf('"', at);
                    if (close < 0)
                        throw new FlagException($"parse error on line 1, column {line.Length + 1}: extraneous or missing \" in quoted-field");
                    field.Append(line, at, close - at);
                    at = close + 1;
                    if (at >= line.Length || line[at] != '"')
                        break;
                    field.Append('"');
                    at++;
                }

                if (at < line.Length && line[at] != ',')
                    throw new FlagException($"parse error on line 1, column {at + 1}: extraneous or missing \" in quoted-field");
                fields.Add(field.ToString());
            }
            else
            {
                var comma = line.IndexOf(',', at);
                var field = comma < 0 ? line[at..] : line[at..comma];
                var quote = field.IndexOf('"');
                if (quote >= 0)
                    throw new FlagException($"parse error on line 1, column {at + quote + 1}: bare \" in non-quoted-field");
                fields.Add(field);
                at += field.Length;
            }

            if (at >= line.Length)
                return fields;
            at++;
        }
    }
}
