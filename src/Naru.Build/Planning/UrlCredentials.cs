using System.Text;

namespace Naru.Build.Planning;

/// <summary>User names and passwords in URLs: what is shown or kept (names of steps, history, errors) has none.</summary>
internal static class UrlCredentials
{
    private const string Hidden = "xxxxx";

    /// <summary>The text with <c>xxxxx@</c> in each of its URLs that has them.</summary>
    public static string Hide(string text)
    {
        const string mark = "://";
        var place = text.IndexOf(mark, StringComparison.Ordinal);
        if (place < 0)
            return text;
        var result = new StringBuilder();
        var done = 0;
        for (; place >= 0; place = text.IndexOf(mark, done, StringComparison.Ordinal))
        {
            var start = place + mark.Length;
            var length = text.AsSpan(start).IndexOfAny("/?# \t\n\"'");
            var host = text.AsSpan(start, length < 0 ? text.Length - start : length);
            var at = host.LastIndexOf('@');
            result.Append(text, done, start - done);
            done = start;
            if (at < 0)
                continue;
            // ssh's user is no secret.
            var user = host[..at];
            var isName = user.IndexOf(':') < 0 && !text.AsSpan(0, place).EndsWith("http") && !text.AsSpan(0, place).EndsWith("https");
            result.Append(isName ? user : Hidden);
            done = start + at;
        }

        return result.Append(text, done, text.Length - done).ToString();
    }

    /// <summary>Takes them out of an http URL.</summary>
    /// <param name="credentials"><c>user:password</c>, unescaped; null: there are none.</param>
    public static string Split(string url, out string? credentials)
    {
        credentials = null;
        if (!Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https") || parsed.UserInfo.Length == 0)
            return url;
        var colon = parsed.UserInfo.IndexOf(':');
        credentials = colon < 0 ? Uri.UnescapeDataString(parsed.UserInfo) + ":" : Uri.UnescapeDataString(parsed.UserInfo[..colon]) + ":" + Uri.UnescapeDataString(parsed.UserInfo[(colon + 1)..]);
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.IndexOf('/', start);
        return url[..start] + url[(url.LastIndexOf('@', end < 0 ? url.Length - 1 : end) + 1)..];
    }
}
