using Naru.Base.Flags;
using Naru.Base.Units;

namespace Naru.Tests.Base;

public sealed class UnitTests
{
    [Theory]
    [InlineData(0, "0B")]
    [InlineData(999, "999B")]
    [InlineData(1000, "1kB")]
    [InlineData(1984273, "1.984MB")]
    [InlineData(16901448, "16.9MB")]
    [InlineData(25_276_514_304, "25.28GB")]
    public void Sizes_in_powers_of_a_thousand(double bytes, string text) => Assert.Equal(text, ByteSize.Human(bytes));

    [Theory]
    [InlineData(1536, "1.54kB")]
    [InlineData(1984273, "1.98MB")]
    [InlineData(126, "126B")]
    public void Sizes_of_three_digits(double bytes, string text) => Assert.Equal(text, ByteSize.HumanWithPrecision(bytes, 3));

    [Theory]
    [InlineData(25_276_514_304, "23.54GiB")]
    [InlineData(540672, "528KiB")]
    public void Sizes_in_powers_of_1024(double bytes, string text) => Assert.Equal(text, ByteSize.HumanBinary(bytes));

    [Theory]
    [InlineData("32", 32)]
    [InlineData("32b", 32)]
    [InlineData("32k", 32 * 1024)]
    [InlineData("32Kb", 32 * 1024)]
    [InlineData("32KiB", 32 * 1024)]
    [InlineData("1.5g", 1536L * 1024 * 1024)]
    [InlineData("2 m", 2 * 1024 * 1024)]
    [InlineData("1T", 1024L * 1024 * 1024 * 1024)]
    public void Memory_reads_in_powers_of_1024(string text, long bytes) => Assert.Equal(bytes, ByteSize.ParseRam(text));

    [Theory]
    [InlineData("abc", "invalid size: 'abc'")]
    [InlineData("-5", "invalid size: '-5'")]
    [InlineData("10q", "invalid suffix: 'q'")]
    [InlineData("10kbb", "invalid suffix: 'kbb'")]
    public void Memory_that_does_not_read_is_refused_in_Dockers_words(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FlagException>(() => ByteSize.ParseRam(text)).Message);

    [Theory]
    [InlineData(0, "Less than a second")]
    [InlineData(1, "1 second")]
    [InlineData(59, "59 seconds")]
    [InlineData(60, "About a minute")]
    [InlineData(46 * 60, "46 minutes")]
    [InlineData(3600, "About an hour")]
    [InlineData(3 * 3600, "3 hours")]
    [InlineData(3 * 86400, "3 days")]
    [InlineData(35 * 86400, "5 weeks")]
    [InlineData(100 * 86400, "3 months")]
    [InlineData(800 * 86400, "2 years")]
    public void Durations_as_people_say_them(int seconds, string text) => Assert.Equal(text, HumanDuration.Format(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData("1h2m3.5s", 3_723_500_000_000)]
    [InlineData("300ms", 300_000_000)]
    [InlineData("-1.5s", -1_500_000_000)]
    [InlineData("0", 0)]
    [InlineData("10µs", 10_000)]
    public void Go_durations_read(string text, long nanoseconds) => Assert.Equal(nanoseconds, GoDuration.Parse(text));

    [Theory]
    [InlineData(0, "0s")]
    [InlineData(90_000_000_000, "1m30s")]
    [InlineData(1_500_000_000, "1.5s")]
    [InlineData(300_000_000, "300ms")]
    [InlineData(3_600_000_000_000, "1h0m0s")]
    [InlineData(-1_500, "-1.5µs")]
    public void Go_durations_print(long nanoseconds, string text) => Assert.Equal(text, GoDuration.Format(nanoseconds));

    [Theory]
    [InlineData("", "time: invalid duration \"\"")]
    [InlineData("5", "time: missing unit in duration \"5\"")]
    [InlineData("5x", "time: unknown unit \"x\" in duration \"5x\"")]
    public void Go_durations_are_refused_in_Gos_words(string text, string message) =>
        Assert.Equal(message, Assert.Throws<FlagException>(() => GoDuration.Parse(text)).Message);

    [Theory]
    [InlineData(0, "1970-01-01T00:00:00Z")]
    [InlineData(1_795_280_544_276_688_068, "2026-11-21T17:02:24.276688068Z")]
    [InlineData(1_500_000_000, "1970-01-01T00:00:01.5Z")]
    [InlineData(-1, "1969-12-31T23:59:59.999999999Z")]
    public void Times_keep_their_nanoseconds(long nanoseconds, string text) => Assert.Equal(text, GoTime.Nano(nanoseconds));

    [Fact]
    public void Times_of_nine_digits_read()
    {
        Assert.True(GoTime.TryParse("2026-11-21T16:46:39.804500312Z", out var time));
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 16, 46, 39, TimeSpan.Zero).AddTicks(8_045_003), time);
        Assert.False(GoTime.TryParse("yesterday", out _));
    }
}
