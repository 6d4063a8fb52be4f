using Naru.Cli.Build.Files;

namespace Naru.Tests.Cli.Build;

public sealed class PathPatternTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("*", "a.c", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("*.c", "x.c", true)]
    [InlineData("*.c", "x/y.c", false)]
    [InlineData("**/*.c", "y.c", true)]
    [InlineData("**/*.c", "x/z/y.c", true)]
    [InlineData("a/**", "a/b/c", true)]
    [InlineData("a/**/c", "a/c", true)]
    [InlineData("a/**/c", "a/x/y/c", true)]
    [InlineData("a/**/c", "a/xc", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("[a-c]x", "bx", true)]
    [InlineData("[^a-c]x", "bx", false)]
    [InlineData("\\*", "*", true)]
    [InlineData("\\*", "x", false)]
    [InlineData("./a/../b/", "b", true)]
    [InlineData("/a", "a", true)]
    public void A_pattern_matches_as_dockerignore_does(string pattern, string path, bool matches) => Assert.Equal(matches, PathPattern.Parse(pattern)!.Matches(path));

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void Nothing_is_no_pattern(string text) => Assert.Null(PathPattern.Parse(text));

    [Fact]
    public void A_lone_exclamation_mark_is_refused() => Assert.Throws<Naru.Base.NaruException>(() => PathPattern.Parse("!"));

    [Fact]
    public void The_last_pattern_that_matches_decides()
    {
        var list = new PatternList(["a", "!a/keep", "a/keep/not"]);
        Assert.True(list.Matches("a", null, out var a));
        Assert.True(list.Matches("a/x", a, out _));
        Assert.False(list.Matches("a/keep", a, out var keep));
        Assert.False(list.Matches("a/keep/y", keep, out _));
        Assert.True(list.Matches("a/keep/not", keep, out _));
        Assert.True(list.MayMatchBelow("a", exceptions: true));
        Assert.False(list.MayMatchBelow("b", exceptions: true));
    }
}
