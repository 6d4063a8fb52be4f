using Naru.HubServer.Site;
using Naru.HubServer.Site.Routes;

namespace Naru.Tests.Hub.Site;

public sealed class LinksTests
{
    [Theory]
    [InlineData("/settings", "/settings")]
    [InlineData("/r/a/b:c?layer=1", "/r/a/b:c?layer=1")]
    [InlineData("//example.org", "/")]
    [InlineData("/\\example.org", "/")]
    [InlineData("https://example.org", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    [InlineData("/\t/example.org", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("", "/")]
    [InlineData(null, "/")]
    public void Signing_in_leads_on_to_this_site_only(string? asked, string path) => Assert.Equal(path, Links.Local(asked));

    [Theory]
    [InlineData("/r/team/app", "team/app", null, null)]
    [InlineData("/r/team/app:1.2", "team/app", "1.2", null)]
    [InlineData("/r/app@sha256:ab", "app", "sha256:ab", null)]
    [InlineData("/r/team/app/-/compare", "team/app", null, "compare")]
    [InlineData("/r/team/app/", "team/app", null, null)]
    public void A_path_says_which_repository_and_what_of_it(string path, string name, string? reference, string? tail) =>
        Assert.Equal(new RepositoryRoute(name, reference, tail), RepositoryRoute.TryParse(path));

    [Theory]
    [InlineData("team/app", "1.2-rc_1")]
    [InlineData("team/app", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    public void The_link_of_an_image_leads_back_to_it(string name, string reference) =>
        Assert.Equal(new RepositoryRoute(name, reference, null), RepositoryRoute.TryParse(Links.Image(name, reference)));
}
