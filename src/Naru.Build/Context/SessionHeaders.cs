using System.Text;

namespace Naru.Build.Context;

/// <summary>Options of a call to the client, as headers: text that is not printable ASCII goes query-escaped, and a second header says so.</summary>
internal static class SessionHeaders
{
    public static void Add(Dictionary<string, IReadOnlyList<string>> headers, string name, IReadOnlyList<string> values)
    {
        if (values.Count == 0)
            return;
        var plain = true;
        foreach (var value in values)
            plain &= IsPlain(value);
        if (plain)
        {
            headers[name] = values;
            return;
        }

        var escaped = new List<string>();
        foreach (var value in values)
            escaped.Add(Escape(value));
        headers[name] = escaped;
        headers[name + "-encoded"] = ["1"];
    }

    /// <summary>Blanks at an end would be lost on the way.</summary>
    private static bool IsPlain(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~') && !value.StartsWith(' ') && !value.EndsWith(' ');

    /// <summary>Go's url.QueryEscape.</summary>
    private static string Escape(string value)
    {
        var text = new StringBuilder();
        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'-' or (byte)'_' or (byte)'.' or (byte)'~')
                text.Append((char)b);
            else
                text.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return text.ToString();
    }
}
