using System.Globalization;
using System.Net;
using System.Text;

namespace Naru.Cli.Template;

/// <summary>The functions of a format: text/template's own and those Docker adds.</summary>
internal static class Functions
{
    public static bool Exists(string name) => name is "and" or "or" or "not" or "len" or "index" or "slice" or "print" or "printf" or "println" or "html" or "js" or "urlquery"
        or "eq" or "ne" or "lt" or "le" or "gt" or "ge" or "json" or "split" or "join" or "title" or "lower" or "upper" or "pad" or "truncate";

    /// <summary>True for the functions that change how a value looks.</summary>
    public static bool Shapes(string name) => name is "json" or "split" or "join" or "title" or "lower" or "upper" or "pad" or "truncate";

    public static object? Call(string name, List<object?> arguments)
    {
        var (least, most) = Counts(name);
        if (arguments.Count < least || arguments.Count > most)
            throw new TemplateException($"wrong number of args for {name}: want {(most == int.MaxValue ? "at least " : "")}{least} got {arguments.Count}");
        return name switch
        {
            "not" => !GoPrint.Truth(arguments[0]),
            "len" => Length(arguments[0]),
            "index" => arguments.Skip(1).Aggregate(arguments[0], Index),
            "slice" => Slice(arguments),
            "print" => Print(arguments),
            "println" => string.Join(' ', arguments.Select(GoPrint.Text)) + "\n",
            "printf" => Format(GoPrint.Text(arguments[0]), arguments.GetRange(1, arguments.Count - 1)),
            "html" => WebUtility.HtmlEncode(string.Concat(arguments.Select(GoPrint.Text))),
            "urlquery" => Uri.EscapeDataString(string.Concat(arguments.Select(GoPrint.Text))).Replace("%20", "+"),
            "js" => string.Concat(arguments.Select(GoPrint.Text)).Replace("\\", "\\\\").Replace("'", "\\'").Replace("\"", "\\\""),
            "eq" => arguments.Skip(1).Any(other => Compare(arguments[0], other) == 0),
            "ne" => Compare(arguments[0], arguments[1]) != 0,
            "lt" => Compare(arguments[0], arguments[1]) < 0,
            "le" => Compare(arguments[0], arguments[1]) <= 0,
            "gt" => Compare(arguments[0], arguments[1]) > 0,
            "ge" => Compare(arguments[0], arguments[1]) >= 0,
            "json" => GoPrint.Json(arguments[0]),
            "split" => GoPrint.Text(arguments[0]).Split(GoPrint.Text(arguments[1])).Cast<object?>().ToList(),
            "join" => string.Join(GoPrint.Text(arguments[1]), Items(arguments[0]).Select(GoPrint.Text)),
            "title" => Title(GoPrint.Text(arguments[0])),
            "lower" => GoPrint.Text(arguments[0]).ToLowerInvariant(),
            "upper" => GoPrint.Text(arguments[0]).ToUpperInvariant(),
            "pad" => GoPrint.Text(arguments[0]) is { Length: > 0 } text ? new string(' ', (int)Whole(arguments[1])) + text + new string(' ', (int)Whole(arguments[2])) : "",
            "truncate" => Truncate(GoPrint.Text(arguments[0]), (int)Whole(arguments[1])),
            _ => throw new TemplateException($"function {GoText.Quote(name)} not defined"),
        };
    }

    private static (int Least, int Most) Counts(string name) => name switch
    {
        "pad" => (3, 3),
        "ne" or "lt" or "le" or "gt" or "ge" or "split" or "join" or "truncate" => (2, 2),
        "not" or "len" or "json" or "title" or "lower" or "upper" => (1, 1),
        "print" or "println" or "html" or "js" or "urlquery" => (0, int.MaxValue),
        _ => (1, int.MaxValue),
    };

    private static long Length(object? value) => value switch
    {
        string text => Encoding.UTF8.GetByteCount(text),
        IReadOnlyDictionary<string, object?> map => map.Count,
        IReadOnlyCollection<object?> list => list.Count,
        ZeroValue { Text: "[]" or "map[]" or "" } => 0,
        null => throw new TemplateException("error calling len: len of nil pointer"),
        _ => throw new TemplateException($"error calling len: len of type {GoPrint.TypeName(value)}"),
    };

    private static object? Index(object? value, object? key)
    {
        switch (value)
        {
            case IReadOnlyDictionary<string, object?> map:
                return map.GetValueOrDefault(GoPrint.Text(key)) ?? "";
            case IReadOnlyList<object?> list:
                var at = Whole(key);
                return at >= 0 && at < list.Count ? list[(int)at] : throw new TemplateException($"error calling index: index out of range: {at}");
            case string text:
                var bytes = Encoding.UTF8.GetBytes(text);
                var place = Whole(key);
                return place >= 0 && place < bytes.Length ? (long)bytes[place] : throw new TemplateException($"error calling index: index out of range: {place}");
            case ZeroValue { Text: "map[]" }:
                return "";
            case ZeroValue { Text: "[]" }:
                throw new TemplateException($"error calling index: index out of range: {GoPrint.Text(key)}");
            default:
                throw new TemplateException("error calling index: index of untyped nil");
        }
    }

    private static object Slice(List<object?> arguments)
    {
        var from = arguments.Count > 1 ? (int)Whole(arguments[1]) : 0;
        if (arguments[0] is string text)
        {
            var to = arguments.Count > 2 ? (int)Whole(arguments[2]) : text.Length;
            Within(from, text.Length);
            Within(to, text.Length);
            return from <= to ? text[from..to] : throw new TemplateException($"error calling slice: invalid slice index: {from} > {to}");
        }

        var list = Items(arguments[0]).ToList();
        var end = arguments.Count > 2 ? (int)Whole(arguments[2]) : list.Count;
        Within(from, list.Count);
        Within(end, list.Count);
        return from <= end ? list.GetRange(from, end - from) : throw new TemplateException($"error calling slice: invalid slice index: {from} > {end}");

        static void Within(int index, int count)
        {
            if (index < 0 || index > count)
                throw new TemplateException($"error calling slice: index out of range: {index}");
        }
    }

    /// <summary>fmt.Sprint: a blank between neighbours that are both not text.</summary>
    private static string Print(List<object?> arguments)
    {
        var text = new StringBuilder();
        for (var index = 0; index < arguments.Count; index++)
        {
            if (index > 0 && arguments[index] is not string && arguments[index - 1] is not string)
                text.Append(' ');
            text.Append(GoPrint.Text(arguments[index]));
        }

        return text.ToString();
    }

    private static string Format(string format, List<object?> arguments)
    {
        var text = new StringBuilder();
        var next = 0;
        for (var at = 0; at < format.Length; at++)
        {
            if (format[at] != '%')
            {
                text.Append(format[at]);
                continue;
            }

            var start = ++at;
            while (at < format.Length && (char.IsAsciiDigit(format[at]) || format[at] is '-' or '+' or '.' or '#' or ' '))
                at++;
            if (at >= format.Length)
                return text.Append("%!(NOVERB)").ToString();
            var verb = format[at];
            if (verb == '%')
            {
                text.Append('%');
                continue;
            }

            if (next >= arguments.Count)
            {
                text.Append(CultureInfo.InvariantCulture, $"%!{verb}(MISSING)");
                continue;
            }

            var options = format[start..at];
            var value = arguments[next++];
            var dot = options.IndexOf('.');
            var width = (dot < 0 ? options : options[..dot]).Trim('-', '+', '#', ' ');
            var digits = dot < 0 ? -1 : int.Parse("0" + options[(dot + 1)..], CultureInfo.InvariantCulture);
            var shown = verb switch
            {
                'q' => GoText.Quote(GoPrint.Text(value)),
                'x' when value is long whole => whole.ToString("x", CultureInfo.InvariantCulture),
                'X' when value is long whole => whole.ToString("X", CultureInfo.InvariantCulture),
                'o' when value is long whole => Convert.ToString(whole, 8),
                'b' when value is long whole => Convert.ToString(whole, 2),
                'f' => Convert.ToDouble(value, CultureInfo.InvariantCulture).ToString("F" + (digits < 0 ? 6 : digits), CultureInfo.InvariantCulture),
                's' when digits >= 0 => GoPrint.Text(value)[..Math.Min(digits, GoPrint.Text(value).Length)],
                _ => GoPrint.Text(value),
            };
            var pad = width.Length > 0 ? int.Parse(width, CultureInfo.InvariantCulture) : 0;
            text.Append(options.StartsWith('-') ? shown.PadRight(pad) : width.StartsWith('0') ? shown.PadLeft(pad, '0') : shown.PadLeft(pad));
        }

        return text.ToString();
    }

    private static int Compare(object? left, object? right)
    {
        left = Plain(left, right);
        right = Plain(right, left);
        return (left, right) switch
        {
            (long a, long b) => a.CompareTo(b),
            (double a, double b) => a.CompareTo(b),
            (long a, double b) => ((double)a).CompareTo(b),
            (double a, long b) => a.CompareTo(b),
            (string a, string b) => string.CompareOrdinal(a, b),
            (bool a, bool b) => a.CompareTo(b),
            (null, null) => 0,
            _ => throw new TemplateException("error calling eq: incompatible types for comparison"),
        };
    }

    /// <summary>A zero value as the other side's type has it.</summary>
    private static object? Plain(object? value, object? other) => value is not ZeroValue ? value : other switch
    {
        string => "",
        long => 0L,
        bool => false,
        _ => null,
    };

    private static IEnumerable<object?> Items(object? value) => value switch
    {
        IReadOnlyList<object?> list => list,
        ZeroValue => [],
        _ => throw new TemplateException($"wrong type for value; expected []string; got {(value is string ? "string" : "interface {}")}"),
    };

    private static long Whole(object? value) => value is long whole ? whole : throw new TemplateException($"cannot index slice/array with type {(value is string ? "string" : "nil")}");

    private static string Title(string text)
    {
        var letters = text.ToCharArray();
        for (var index = 0; index < letters.Length; index++)
        {
            if (index == 0 || !char.IsLetterOrDigit(letters[index - 1]))
                letters[index] = char.ToUpperInvariant(letters[index]);
        }

        return new string(letters);
    }

    private static string Truncate(string text, int length) => text.Length < length ? text : text[..length];
}
