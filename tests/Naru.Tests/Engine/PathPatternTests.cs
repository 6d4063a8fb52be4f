using Naru.Base;
using Naru.Engine.Images;

namespace Naru.Tests.Engine;

/// <summary>Go's path.Match, as its own tests have it.</summary>
public sealed class PathPatternTests
{
    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("*", "abc", true)]
    [InlineData("*c", "abc", true)]
    [InlineData("a*", "ab/c", false)]
    [InlineData("a*/b", "abc/b", true)]
    [InlineData("a*b*c*d*e*/f", "axbxcxdxexxx/f", true)]
    [InlineData("a*b*c*d*e*/f", "axbxcxdxexxx/fff", false)]
    [InlineData("a*b?c*x", "abxbbxdbxebxczzx", true)]
    [InlineData("ab[b-d]", "abc", true)]
    [InlineData("ab[e-g]", "abc", false)]
    [InlineData("ab[^c]", "abc", false)]
    [InlineData("ab[^e-g]", "abc", true)]
    [InlineData("a\\*b", "a*b", true)]
    [InlineData("a\\*b", "ab", false)]
    [InlineData("[a-ζ]*", "α", true)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("[\\]a]", "]", true)]
    [InlineData("[\\-x]", "-", true)]
    [InlineData("*x", "xxx", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    public void Matches_as_Go_does(string pattern, string text, bool expected) => Assert.Equal(expected, PathPattern.Matches(pattern, text));

    [Theory]
    [InlineData("[]a]")]
    [InlineData("[-]")]
    [InlineData("[x-]")]
    [InlineData("[a-b-c]")]
    [InlineData("[")]
    [InlineData("[^bc")]
    [InlineData("a[")]
    [InlineData("a\\")]
    public void A_malformed_pattern_is_refused(string pattern)
    {
        var refused = Assert.Throws<NaruException>(() => PathPattern.Matches(pattern, "a"));
        Assert.Equal((ErrorKind.InvalidArgument, "syntax error in pattern"), (refused.Kind, refused.Message));
    }

    [Fact]
    public void Many_stars_take_no_longer_than_a_moment()
    {
        var started = System.Diagnostics.Stopwatch.StartNew();
        Assert.False(PathPattern.Matches(string.Concat(Enumerable.Repeat("*a", 30)) + "b", new string('a', 60)));
        Assert.True(started.Elapsed < TimeSpan.FromSeconds(2));
    }
}
