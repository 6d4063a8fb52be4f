using Naru.Base;
using Naru.Cli.Build.Session;
using Naru.Cli.Build.Solve;
using Naru.Cli.Commands.Builds;

namespace Naru.Tests.Cli.Build;

public sealed class OptionTests
{
    [Theory]
    [InlineData("out", "local", "out")]
    [InlineData("-", "tar", "-")]
    [InlineData("type=tar,dest=x.tar", "tar", "x.tar")]
    [InlineData("type=oci", "oci", "-")]
    [InlineData("type=docker", "docker", "")]
    [InlineData("type=registry,name=a/b", "image", "")]
    public void An_output_has_a_kind_and_a_place(string text, string type, string destination)
    {
        var output = OutputOption.Parse(text);
        Assert.Equal((type, destination), (output.Type, output.Destination));
    }

    [Fact]
    public void A_registry_is_an_image_that_is_pushed() => Assert.True(OutputOption.Parse("type=registry").Pushes);

    [Theory]
    [InlineData("dest=x,foo=bar", "type is required for output")]
    [InlineData("type=local", "dest is required for local exporter")]
    [InlineData("type=zip", "unsupported output type \"zip\"")]
    [InlineData("type=tar,x", "invalid value x")]
    public void A_bad_output_says_why(string text, string message) => Assert.Contains(message, Assert.Throws<NaruException>(() => OutputOption.Parse(text)).Message);

    [Fact]
    public void A_bare_cache_is_a_registry()
    {
        Assert.Equal(("registry", "user/app:cache"), (CacheOption.Parse("user/app:cache").Type, CacheOption.Parse("user/app:cache").Attributes["ref"]));
        var gha = CacheOption.Parse("type=gha,mode=max");
        Assert.Equal(("gha", "max"), (gha.Type, gha.Attributes["mode"]));
        Assert.Contains("type required form", Assert.Throws<NaruException>(() => CacheOption.Parse("src=a,mode=max")).Message);
    }

    [Fact]
    public void A_secret_is_a_file_or_a_variable()
    {
        Assert.Equal("V", SecretSource.Parse("id=a,env=V").Variable);
        Assert.Equal("/etc/hostname", SecretSource.Parse("id=a,src=/etc/hostname").File);
        Assert.Contains("must be a key=value pair", Assert.Throws<NaruException>(() => SecretSource.Parse("foo")).Message);
        Assert.Contains("no such file", Assert.Throws<NaruException>(() => SecretSource.Parse("id=a,src=/no/such")).Message);
    }

    [Fact]
    public void Keys_go_through_an_agent_only() =>
        Assert.Contains("ssh-add", Assert.Throws<NaruException>(() => AgentSource.Parse("default=/etc/hostname")).Message);

    [Theory]
    [InlineData("check", "check", "")]
    [InlineData("outline,format=json", "outline", "json")]
    public void A_method_may_have_a_format(string text, string name, string format) => Assert.Equal((name, format), (BuildMethod.Parse(text).Name, BuildMethod.Parse(text).Format));
}
