using System.Text.RegularExpressions;
using Naru.Base;
using Naru.Hub;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.HubServer.Site.Locale;
using Repository = Naru.Tests.House.Repository;

namespace Naru.Tests.Hub.Site;

public sealed partial class TextsTests
{
    private static readonly DateTime Now = new(2026, 11, 22, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Each_text_is_there_in_both_languages()
    {
        var missing = new List<string>();
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "src/naru-hub/Site/Locale"), "Texts.*.cs"))
        {
            foreach (Match text in Pair().Matches(File.ReadAllText(file)))
            {
                // The name of the other language is written in that language.
                if (text.Groups[1].Value is not ("한국어" or "ko" or "en") && (!text.Groups[2].Value.Any(letter => letter is >= '가' and <= '힣') || text.Groups[1].Value.Any(letter => letter is >= '가' and <= '힣')))
                    missing.Add(text.Value);
            }
        }

        Assert.Empty(missing);
    }

    [Fact]
    public void Each_refusal_is_told_in_Korean_and_in_the_words_of_the_API()
    {
        foreach (var refusal in Enum.GetValues<Refusal>())
        {
            var refused = new RefusedException(refusal, ErrorKind.InvalidArgument, "told by the API", "one", "two");
            Assert.Matches("[가-힣]", Texts.Korean.Refused(refused));
            Assert.Equal("Told by the API.", Texts.English.Refused(refused));
        }
    }

    [Fact]
    public void Too_much_is_told_with_the_time_to_wait()
    {
        var refused = new RegistryException(RegistryErrorCode.TooManyRequests, "too many") { RetryAfter = TimeSpan.FromSeconds(301) };
        Assert.Equal("Too many attempts. Try again in 6 minutes.", Texts.English.Refused(refused));
        Assert.Equal("시도가 너무 많습니다. 6분 뒤에 다시 시도하세요.", Texts.Korean.Refused(refused));
    }

    [Fact]
    public void Each_action_of_the_audit_trail_has_a_name_and_can_be_asked_for()
    {
        var actions = typeof(AuditAction).GetFields().Select(field => (string)field.GetRawConstantValue()!).ToList();
        Assert.Equal(actions.Order(StringComparer.Ordinal), Texts.AuditActions.Order(StringComparer.Ordinal));
        Assert.All(actions, action => Assert.Matches("[가-힣]", Texts.Korean.ActionName(action)));
        Assert.All(actions, action => Assert.NotEqual(action, Texts.English.ActionName(action)));
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.00 kB")]
    [InlineData(61_444, "61.4 kB")]
    [InlineData(999_499, "999 kB")]
    [InlineData(999_500, "1.00 MB")]
    [InlineData(1_841_200_110_000, "1.84 TB")]
    public void A_size_has_three_digits(long bytes, string said) => Assert.Equal(said, Texts.English.Size(bytes));

    [Theory]
    [InlineData(999, "999", "999")]
    [InlineData(1240, "1.2k", "1,240")]
    [InlineData(48_210_331, "48M", "4821만")]
    [InlineData(340_000_000, "340M", "3.4억")]
    public void A_count_is_short_in_the_languages_own_units(long count, string english, string korean)
    {
        Assert.Equal(english, Texts.English.Short(count));
        Assert.Equal(korean, Texts.Korean.Short(count));
    }

    [Theory]
    [InlineData(30, "just now", "방금")]
    [InlineData(60, "1 minute ago", "1분 전")]
    [InlineData(3 * 3600, "3 hours ago", "3시간 전")]
    [InlineData(86_400 * 20, "2 weeks ago", "2주 전")]
    [InlineData(86_400 * 800, "2 years ago", "2년 전")]
    public void A_time_is_told_as_long_ago(long seconds, string english, string korean)
    {
        Assert.Equal(english, Texts.English.Ago(Now.AddSeconds(-seconds), Now));
        Assert.Equal(korean, Texts.Korean.Ago(Now.AddSeconds(-seconds), Now));
    }

    [GeneratedRegex("""Say\(\$?"([^"]*)", \$?"([^"]*)"\)""")]
    private static partial Regex Pair();
}
