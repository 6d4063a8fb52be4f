namespace Naru.Linux;

/// <summary>The machine's time zone (TZ, /etc/localtime), as the C library has it: a fraction of the .NET one's weight.</summary>
public static unsafe class LocalTime
{
    /// <summary>Now, with the zone's offset; UTC where there is no zone.</summary>
    public static DateTimeOffset Now()
    {
        var now = DateTimeOffset.UtcNow;
        var seconds = now.ToUnixTimeSeconds();
        Libc.tm_t fields;
        Libc.tzset();
        // DateTimeOffset knows whole minutes only; zones of before 1972 had seconds
        return Libc.localtime_r(&seconds, &fields) is null ? now : now.ToOffset(TimeSpan.FromMinutes(fields.tm_gmtoff / 60));
    }
}
