using System.Globalization;
using Naru.Base;
using Naru.Base.Flags;
using Naru.Base.Units;

namespace Naru.Engine;

/// <summary>The <c>until</c> filter: a moment, or how long ago.</summary>
public static class TimeFilter
{
    /// <returns>Null when the filter is absent.</returns>
    /// <exception cref="NaruException">InvalidArgument: more than one, or neither a duration nor a time.</exception>
    public static DateTimeOffset? Until(Filters filters)
    {
        if (!filters.Has("until"))
            return null;
        if (filters.Get("until").Count > 1)
            throw NaruException.Invalid("more than one until filter specified");
        return Parse(filters.Get("until").First(), DateTimeOffset.UtcNow);
    }

    /// <summary>A Go duration before <paramref name="now"/>, seconds since 1970, or a date in one of Docker's forms (local time where it names no zone).</summary>
    public static DateTimeOffset Parse(string text, DateTimeOffset now)
    {
        try
        {
            return now.AddTicks(-GoDuration.Parse(text) / 100);
        }
        catch (FlagException)
        {
            // No duration, then.
        }

        if (decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && Math.Abs(seconds) < 100_000_000_000)
            return DateTimeOffset.UnixEpoch.AddTicks((long)(seconds * TimeSpan.TicksPerSecond));
        string[] forms = ["yyyy-MM-dd", "yyyy-MM-ddK", "yyyy-MM-ddTHH", "yyyy-MM-ddTHHK", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ssK"];
        if (DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time) || GoTime.TryParse(text, out time))
            return time;
        throw NaruException.Invalid($"failed to parse value as time or duration: \"{text}\"");
    }
}
