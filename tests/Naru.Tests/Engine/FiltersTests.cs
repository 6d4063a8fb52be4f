using Naru.Base;
using Naru.Engine;

namespace Naru.Tests.Engine;

public sealed class FiltersTests
{
    [Fact]
    public void Both_forms_are_read_and_unknown_names_refused()
    {
        Assert.True(Filters.Parse("""{"label":{"a=b":true,"c":false}}""", "label").Exact("label", "a=b"));
        Assert.False(Filters.Parse("""{"label":{"a=b":true,"c":false}}""", "label").Exact("label", "c"));
        Assert.True(Filters.Parse("""{"label":["a=b"]}""", "label").Exact("label", "a=b"));
        Assert.Equal("invalid filter 'bogus'", Assert.Throws<NaruException>(() => Filters.Parse("""{"bogus":["1"]}""", "label")).Message);
        Assert.True(Filters.Parse("""{"bogus":["1"]}""").Has("bogus"));
    }

    [Theory]
    [InlineData("""{"label!":["a=b"]}""", "a", "b", false)]
    [InlineData("""{"label!":["a"]}""", "a", "b", false)]
    [InlineData("""{"label!":["a=c"]}""", "a", "b", true)]
    public void A_label_may_be_ruled_out(string json, string name, string value, bool matches) =>
        Assert.Equal(matches, Filters.Parse(json, "label!").NoLabels("label!", new Dictionary<string, string> { [name] = value }));

    [Fact]
    public void Until_is_a_time_or_how_long_ago()
    {
        Assert.Null(Filters.None.Until());
        Assert.InRange(Parse("90m")!.Value, DateTime.UtcNow.AddMinutes(-91), DateTime.UtcNow.AddMinutes(-89));
        Assert.Equal(DateTime.UnixEpoch.AddSeconds(1700000000), Parse("1700000000"));
        Assert.Equal(new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), Parse("2026-01-02T03:04:05Z"));
        Assert.Equal("failed to parse value as time or duration: \"x\"", Assert.Throws<NaruException>(() => Parse("x")).Message);
    }

    private static DateTime? Parse(string until) => Filters.Parse($$"""{"until":["{{until}}"]}""", "until").Until();
}
