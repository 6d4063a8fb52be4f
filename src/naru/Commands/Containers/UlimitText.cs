using System.Globalization;

namespace Naru.Cli.Commands.Containers;

/// <summary>`--ulimit name=soft[:hard]`.</summary>
internal static class UlimitText
{
    public static string Validate(string text)
    {
        Parse(text);
        return text;
    }

    public static Ulimit Parse(string text)
    {
        var at = text.IndexOf('=');
        if (at < 0)
            throw new FlagException($"invalid ulimit argument: {text}");
        var (name, limits) = (text[..at], text[(at + 1)..].Split(':'));
        if (name is not ("core" or "cpu" or "data" or "fsize" or "locks" or "memlock" or "msgqueue" or "nice" or "nofile" or "nproc" or "rss" or "rtprio" or "rttime" or "sigpending" or "stack"))
            throw new FlagException($"invalid ulimit type: {name}");
        if (limits.Length > 2)
            throw new FlagException($"too many limit value arguments - {text[(at + 1)..]}, can only have up to two, `soft[:hard]`");
        var soft = Number(limits[0]);
        var hard = limits.Length == 2 ? Number(limits[1]) : soft;
        if (hard != -1 && (soft == -1 || soft > hard))
            throw new FlagException($"ulimit soft limit must be less than or equal to hard limit: {soft} > {hard}");
        return new Ulimit { Name = name, Soft = soft, Hard = hard };
    }

    private static long Number(string text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new FlagException($"strconv.ParseInt: parsing {GoText.Quote(text)}: invalid syntax");
}
