using Naru.HubServer.Site.Locale;

namespace Naru.Tests.Hub.Site;

public sealed class LanguageChoiceTests
{
    [Theory]
    [InlineData(null, null, "en")]
    [InlineData(null, "ko-KR,ko;q=0.9,en;q=0.8", "ko")]
    [InlineData(null, "de,en;q=0.7,ko;q=0.3", "en")]
    [InlineData(null, "de, ko;q=0.3, fr", "ko")]
    [InlineData(null, "ko;q=0", "en")]
    [InlineData(null, "ko;q=x,en;q=0.1", "en")]
    [InlineData("ko", "en", "ko")]
    [InlineData("en", "ko", "en")]
    [InlineData("xx", "ko", "ko")]
    public void What_was_chosen_comes_before_what_the_browser_prefers(string? cookie, string? header, string language)
    {
        Assert.Equal(language, Texts.Of(LanguageChoice.Of(cookie, header)).Code);
    }
}
