using Naru.Build.Planning;

namespace Naru.Tests.Build.Planning;

public sealed class UrlCredentialsTests
{
    [Theory]
    [InlineData("ADD https://me:word@host/x.git#main /y", "ADD https://xxxxx@host/x.git#main /y")]
    [InlineData("https://token@host:8080/x", "https://xxxxx@host:8080/x")]
    [InlineData("http://a:b@c@host", "http://xxxxx@host")]
    [InlineData("https://host/a@b https://u:p@h/ \"https://u:p@h\"", "https://host/a@b https://xxxxx@h/ \"https://xxxxx@h\"")]
    [InlineData("ssh://git@host/x", "ssh://git@host/x")]
    [InlineData("ssh://git:word@host/x", "ssh://xxxxx@host/x")]
    [InlineData("git@host:x/y.git", "git@host:x/y.git")]
    [InlineData("no url", "no url")]
    [InlineData("https://", "https://")]
    public void What_is_shown_has_no_password(string text, string shown) => Assert.Equal(shown, UrlCredentials.Hide(text));

    [Theory]
    [InlineData("https://me:w%40rd@host/x.git", "https://host/x.git", "me:w@rd")]
    [InlineData("https://token@host:8080/x@y", "https://host:8080/x@y", "token:")]
    [InlineData("http://a:b@host", "http://host", "a:b")]
    [InlineData("https://host/x", "https://host/x", null)]
    [InlineData("ssh://git@host/x", "ssh://git@host/x", null)]
    [InlineData("git@host:x/y.git", "git@host:x/y.git", null)]
    public void A_repositorys_url_is_told_from_its_credentials(string url, string without, string? credentials)
    {
        Assert.Equal(without, UrlCredentials.Split(url, out var found));
        Assert.Equal(credentials, found);
    }
}
