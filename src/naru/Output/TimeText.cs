using System.Globalization;
using Naru.Base.Units;

namespace Naru.Cli.Output;

/// <summary>--since and --until: a time, a Unix time, or a duration back from now, as the API takes it (Unix seconds with a fraction).</summary>
internal static class TimeText
{
    /// <exception cref="NaruException">None of these.</exception>
    public static string? Query(string text, string flag = "")
    {
        if (text.Length == 0)
            return null;
        try
        {
            var ago = GoDuration.Parse(text);
            return Stamp(DateTimeOffset.UtcNow.AddTicks(-ago / 100));
        }
        catch (FlagException)
        {
            // No duration; it may still be a time.
        }

        if (text.All(letter => char.IsAsciiDigit(letter) || letter == '.'))
            return text;
        if (text.Length >= 4 && char.IsAsciiDigit(text[0]) && text.Contains('-') && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time))
            return Stamp(GoTime.TryParse(text, out var exact) && (text.EndsWith('Z') || text.Length > 19) ? exact : time);
        throw NaruException.Invalid((flag.Length > 0 ? $"invalid value for \"{flag}\": " : "") + $"failed to parse value as time or duration: {GoText.Quote(text)}");
    }

    private static string Stamp(DateTimeOffset time)
    {
        var ticks = time.UtcTicks - DateTime.UnixEpoch.Ticks;
        return $"{ticks / TimeSpan.TicksPerSecond}.{ticks % TimeSpan.TicksPerSecond * 100:000000000}";
    }
}
