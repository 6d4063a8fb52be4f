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
    [InlineData("[x](docs/x.md)", "<a")]
    [InlineData("[x](/docs/x.md)", "<a")]
    [InlineData("![x](x.png)", "<img")]
    [InlineData("[x](#nowhere)", "<a")]
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
        Assert.Equal("<h2 id=\"readme-one\">One</h2>\n", Markdown.Render("# One").ToString());
    }

    [Theory]
    [InlineData("https://github.com/a/b", "docs/x.md#y", "https://github.com/a/b/blob/HEAD/docs/x.md#y")]
    [InlineData("https://github.com/a/b.git", "/x.md", "https://github.com/a/b/blob/HEAD/x.md")]
    [InlineData("https://gitlab.com/a/b/c/", "./x.md", "https://gitlab.com/a/b/c/-/blob/HEAD/x.md")]
    [InlineData("https://github.com/a/b", "../../../../c", null)]
    [InlineData("https://github.com/a/b", "%2e%2e/%2e%2e/%2e%2e/x", null)]
    [InlineData("https://github.com/a", "x.md", null)]
    [InlineData("https://github.com", "x.md", null)]
    [InlineData("http://github.com/a/b", "x.md", null)]
    [InlineData("https://github.com@example.org/a/b", "x.md", null)]
    [InlineData("https://example.org/a/b", "x.md", null)]
    [InlineData("javascript:alert(1)", "x.md", null)]
    public void A_relative_link_leads_to_where_the_image_was_made_from(string source, string link, string? leads)
    {
        Assert.Equal(leads is null ? "<p>x</p>\n" : $"<p><a href=\"{leads}\" rel=\"nofollow noopener\">x</a></p>\n", Markdown.Render($"[x]({link})", SourceFiles.Of(source)).ToString());
    }

    [Theory]
    [InlineData("## Use it\n\n[x](#use-it)", "href=\"#readme-use-it\"")]
    [InlineData("[x](#설치-방법)\n\n## 설치 방법", "id=\"readme-설치-방법\"")]
    [InlineData("# A\n\n# A", "id=\"readme-a-1\"")]
    [InlineData("[x](/r/harbour/weather)", "href=\"/r/harbour/weather\"")]
    [InlineData("![a chart](https://example.org/a.png)", ">a chart</a>")]
    [InlineData("[![built](https://example.org/badge.svg)](https://example.org/builds)", "<a href=\"https://example.org/builds\" rel=\"nofollow noopener\">built</a>")]
    public void What_a_readme_names_is_found(string markdown, string found) => Assert.Contains(found, Markdown.Render(markdown).ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_hostile_readme_ends_soon()
    {
        foreach (var markdown in (string[])[string.Concat(Enumerable.Repeat("# a\n", 25_000)), string.Concat(Enumerable.Repeat("[a](#a)", 10_000)), new string('[', 20_000), string.Concat(Enumerable.Repeat("**a ", 10_000)), new string('>', 5_000), string.Concat(Enumerable.Repeat("|", 20_000))])
            Assert.NotEmpty(Markdown.Render(markdown).ToString());
    }
}
