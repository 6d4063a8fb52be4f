using System.Globalization;

namespace Naru.HubServer.Site.Locale;

/// <summary>All that the site says, in one language. Each text stands here once, in both; numbers, sizes and times are written as the language writes them.</summary>
internal sealed partial class Texts(Language language)
{
    public static readonly Texts English = new(Language.English);
    public static readonly Texts Korean = new(Language.Korean);

    private static readonly string[] Months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

    public Language Language { get; } = language;

    /// <summary>The value of the page's <c>lang</c>.</summary>
    public string Code => Say("en", "ko");

    public static Texts Of(Language language) => language == Language.Korean ? Korean : English;

    /// <summary>1,234 in full.</summary>
    public string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A number at a glance: 1.2k, 3.4M; 1.2만, 3.4억.</summary>
    public string Short(long value)
    {
        (double Unit, string Word)[] units = Language == Language.Korean ? [(1e8, "억"), (1e4, "만")] : [(1e9, "B"), (1e6, "M"), (1e3, "k")];
        foreach (var (unit, word) in units)
        {
            if (value >= unit)
                return (value / unit).ToString(value / unit < 10 ? "0.#" : "0", CultureInfo.InvariantCulture) + word;
        }

        return Number(value);
    }

    /// <summary>Bytes as Docker counts them: powers of 1000, three digits.</summary>
    public string Size(long bytes)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB", "PB"];
        var value = (double)bytes;
        var unit = 0;
        for (; value >= 999.5 && unit < units.Length - 1; unit++)
            value /= 1000;
        return value.ToString(unit == 0 || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    /// <summary>How long ago, roughly: what a reader asks of a list.</summary>
    public string Ago(DateTime at, DateTime now)
    {
        var passed = now - at;
        if (passed < TimeSpan.FromMinutes(1))
            return Say("just now", "방금");
        (double Amount, string Word, string Korean) = passed.TotalMinutes switch
        {
            < 60 => (passed.TotalMinutes, "minute", "분"),
            < 60 * 24 => (passed.TotalHours, "hour", "시간"),
            < 60 * 24 * 14 => (passed.TotalDays, "day", "일"),
            < 60 * 24 * 60 => (passed.TotalDays / 7, "week", "주"),
            < 60 * 24 * 365 => (passed.TotalDays / 30.44, "month", "개월"),
            _ => (passed.TotalDays / 365.25, "year", "년"),
        };
        var whole = Math.Max(1, (long)Amount);
        return Say($"{whole} {Word}{(whole == 1 ? "" : "s")} ago", $"{whole}{Korean} 전");
    }

    /// <summary>A day in full.</summary>
    public string Day(DateTime at) => Say($"{at.Day} {Months[at.Month - 1]} {at.Year}", $"{at.Year}년 {at.Month}월 {at.Day}일");

    private string Say(string english, string korean) => Language == Language.Korean ? korean : english;

    private string Count(long count, string one, string many, string korean) => Say($"{Number(count)} {(count == 1 ? one : many)}", $"{korean} {Number(count)}개");
}
