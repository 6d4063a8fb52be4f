using Naru.HubServer.Site.Components;

namespace Naru.Tests.Hub.Site;

public sealed class MarkdownTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>", "<script")]
    [InlineData("a <img src=x onerror=alert(1)> b", "<img")]
    [InlineData("<a href=\"javascript:alert(1)\">x</a>", "<a href=\"java")]
    [InlineData("[x](javascript:alert(1))", "javascript:")]
    [InlineData("[x](JaVaScRiPt:alert(1))", "cRiPt:")]
    [InlineData("[x](<java\tscript:alert(1)>)", "script:")]
    [InlineData("[x](vbscript:x)", "vbscript:")]
    [InlineData("[x](data:text/html;base64,PHNjcmlwdD4=)", "data:")]
    [InlineData("<javascript:alert(1)>", "href=\"javascript:")]
    [InlineData("![x](javascript:alert(1))", "javascript:")]
    [InlineData("![x](https://example.org/a.png)", "<img")]
    [InlineData("![x](//example.org/a.png)", "<img")]
    [InlineData("[x]: javascript:alert(1)\n\n[x]", "javascript:")]
    public void Nothing_in_a_readme_runs_or_is_fetched_from_elsewhere(string markdown, string mustNot)
    {
        Assert.DoesNotContain(mustNot, Markdown.Render(markdown).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Links_lead_out_without_saying_from_where()
    {
        Assert.Equal("<p><a href=\"https://example.org\" rel=\"nofollow noopener\">x</a></p>\n", Markdown.Render("[x](https://example.org)").ToString());
    }

    [Fact]
    public void Headings_begin_below_the_pages_own()
    {
        Assert.Equal("<h2>One</h2>\n", Markdown.Render("# One").ToString());
    }

    [Fact]
    public void A_hostile_readme_ends_soon()
    {
        foreach (var markdown in (string[])[new string('[', 20_000), string.Concat(Enumerable.Repeat("**a ", 10_000)), new string('>', 5_000), string.Concat(Enumerable.Repeat("|", 20_000))])
            Assert.NotEmpty(Markdown.Render(markdown).ToString());
    }
}
