using System.Globalization;

namespace Naru.Base.Units;

/// <summary>Times as Go prints and reads them.</summary>
public static class GoTime
{
    /// <summary>RFC3339Nano in UTC: trailing zeros of the fraction left out. The precision of .NET is 100 ns.</summary>
    public static string Nano(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFF", CultureInfo.InvariantCulture) + "Z";

    /// <summary>RFC3339Nano from a Unix time in nanoseconds, whole: the full nine digits are kept.</summary>
    public static string Nano(long unixNanoseconds)
    {
        var (seconds, nanos) = Math.DivRem(unixNanoseconds, GoDuration.Second);
        if (nanos < 0)
            (seconds, nanos) = (seconds - 1, nanos + GoDuration.Second);
        var whole = DateTime.UnixEpoch.AddSeconds(seconds).ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);
        var fraction = nanos == 0 ? "" : "." + nanos.ToString("000000000", CultureInfo.InvariantCulture).TrimEnd('0');
        return whole + fraction + "Z";
    }

    /// <summary>Parses RFC3339 with up to nine digits of fraction (digits below 100 ns are cut).</summary>
    public static bool TryParse(string? text, out DateTimeOffset time)
    {
        time = default;
        if (string.IsNullOrEmpty(text))
            return false;
        var dot = text.IndexOf('.');
        if (dot >= 0)
        {
            var end = dot + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;
            if (end - dot - 1 > 7)
                text = text.Remove(dot + 8, end - dot - 8);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
    }

    /// <summary>time.Time's String(): "2006-01-02 15:04:05 -0700 MST", in local time.</summary>
    public static string LocalText(DateTimeOffset time)
    {
        var local = TimeZoneInfo.ConvertTime(time, TimeZoneInfo.Local);
        var offset = local.ToString("zzz", CultureInfo.InvariantCulture).Replace(":", "");
        var zone = TimeZoneInfo.Local;
        var name = local.Offset == TimeSpan.Zero ? "UTC" : zone.IsDaylightSavingTime(local) ? zone.DaylightName : zone.StandardName;
        return $"{local.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {offset} {name}";
    }
}
