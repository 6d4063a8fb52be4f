using Naru.Base;
using Naru.Engine;

namespace Naru.Tests.Engine;

public sealed class FilterTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Theory]
    [InlineData("""{"label":{"a=b":true,"c":true}}""")]
    [InlineData("""{"label":["a=b","c"]}""")]
    public void Both_forms_are_read(string json)
    {
        var filters = Filters.Parse(json, "label");
        Assert.True(filters.Labels("label", new Dictionary<string, string> { ["a"] = "b", ["c"] = "" }));
        Assert.False(filters.Labels("label", new Dictionary<string, string> { ["a"] = "x", ["c"] = "" }));
    }

    [Fact]
    public void An_unknown_filter_is_named() =>
        Assert.Equal("invalid filter 'bogus'", Assert.Throws<NaruException>(() => Filters.Parse("""{"bogus":["x"]}""", "label")).Message);

    [Fact]
    public void A_flag_that_is_none_is_named() =>
        Assert.Equal("invalid filter 'dangling=[x]'", Assert.Throws<NaruException>(() => Filters.Parse("""{"dangling":["x"]}""", "dangling").Flag("dangling", false)).Message);

    [Theory]
    [InlineData("1h", "2026-01-02T02:04:05Z")]
    [InlineData("90m", "2026-01-02T01:34:05Z")]
    [InlineData("1700000000", "2023-11-14T22:13:20Z")]
    [InlineData("2020-01-01T00:00:00Z", "2020-01-01T00:00:00Z")]
    public void Until_is_a_moment_or_how_long_ago(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), TimeFilter.Parse(text, Now));

    [Fact]
    public void Until_that_is_neither_is_refused() =>
        Assert.Equal("failed to parse value as time or duration: \"x\"", Assert.Throws<NaruException>(() => TimeFilter.Parse("x", Now)).Message);
}
