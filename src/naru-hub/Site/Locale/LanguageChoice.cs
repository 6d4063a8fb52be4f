using System.Globalization;

namespace Naru.HubServer.Site.Locale;

/// <summary>Which language a browser gets: the one it chose (cookie), else the one it prefers, else English.</summary>
internal static class LanguageChoice
{
    public const string Cookie = "naru_language";

    public static Language Of(string? cookie, string? acceptLanguage) => Word(cookie) ?? Preferred(acceptLanguage) ?? Language.English;

    /// <summary><c>en</c> or <c>ko</c>, with or without a region; null for anything else.</summary>
    public static Language? Word(string? word)
    {
        var primary = word.AsSpan().Trim();
        if (primary.IndexOf('-') is > 0 and var dash)
            primary = primary[..dash];
        return primary.Equals("ko", StringComparison.OrdinalIgnoreCase) ? Language.Korean
            : primary.Equals("en", StringComparison.OrdinalIgnoreCase) ? Language.English : null;
    }

    /// <summary>RFC 9110, 12.5.4: the known language of the highest weight, the first of those that weigh the same.</summary>
    private static Language? Preferred(string? header)
    {
        Language? best = null;
        var bestWeight = 0.0;
        foreach (var part in (header ?? "").Split(',', 20))
        {
            var semicolon = part.IndexOf(';', StringComparison.Ordinal);
            var weight = 1.0;
            if (semicolon >= 0 && part.IndexOf("q=", semicolon, StringComparison.OrdinalIgnoreCase) is >= 0 and var at
                && !double.TryParse(part.AsSpan(at + 2).Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out weight))
                continue;
            if (weight > bestWeight && Word(semicolon < 0 ? part : part[..semicolon]) is { } language)
                (best, bestWeight) = (language, weight);
        }

        return best;
    }
}
