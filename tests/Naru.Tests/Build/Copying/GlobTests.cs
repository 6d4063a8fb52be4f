using System.Diagnostics;
using System.Text;
using Naru.Base;
using Naru.Build.Copying;

namespace Naru.Tests.Build.Copying;

public sealed class GlobTests
{
    /// <summary>Go's own table of filepath.Match, and what a slash does.</summary>
    [Theory]
    [InlineData("abc", "abc", true)]
    [InlineData("*", "abc", true)]
    [InlineData("*c", "abc", true)]
    [InlineData("a*", "a", true)]
    [InlineData("a*", "ab/c", false)]
    [InlineData("a*/b", "abc/b", true)]
    [InlineData("a*/b", "a/c/b", false)]
    [InlineData("a*b*c*d*e*/f", "axbxcxdxe/f", true)]
    [InlineData("a*b*c*d*e*/f", "axbxcxdxexxx/f", true)]
    [InlineData("a*b*c*d*e*/f", "axbxcxdxe/xxx/f", false)]
    [InlineData("a*b*c*d*e*/f", "axbxcxdxexxx/fff", false)]
    [InlineData("a*b?c*x", "abxbbxdbxebxczzx", true)]
    [InlineData("a*b?c*x", "abxbbxdbxebxczzy", false)]
    [InlineData("ab[c]", "abc", true)]
    [InlineData("ab[b-d]", "abc", true)]
    [InlineData("ab[e-g]", "abc", false)]
    [InlineData("ab[^c]", "abc", false)]
    [InlineData("ab[^b-d]", "abc", false)]
    [InlineData("ab[^e-g]", "abc", true)]
    [InlineData("a\\*b", "a*b", true)]
    [InlineData("a\\*b", "ab", false)]
    [InlineData("a?b", "a☺b", true)]
    [InlineData("a[^a]b", "a☺b", true)]
    [InlineData("a???b", "a☺b", false)]
    [InlineData("a[^a][^a][^a]b", "a☺b", false)]
    [InlineData("[a-ζ]*", "α", true)]
    [InlineData("*[a-ζ]", "A", false)]
    [InlineData("a?b", "a/b", false)]
    [InlineData("a*b", "a/b", false)]
    [InlineData("[\\]a]", "]", true)]
    [InlineData("[\\-]", "-", true)]
    [InlineData("[x\\-]", "z", false)]
    [InlineData("[]a]", "]", false)]
    [InlineData("[-]", "-", false)]
    [InlineData("[a-b-c]", "a", false)]
    [InlineData("[", "a", false)]
    [InlineData("a[", "a", false)]
    [InlineData("*x", "xxx", true)]
    [InlineData("**/x", "a/b/x", false)]
    [InlineData("**/x", "a/x", true)]
    public void Wildcards_match_as_Gos_do(string pattern, string name, bool matches) =>
        Assert.Equal(matches, Glob.Matches(Encoding.UTF8.GetBytes(pattern), Encoding.UTF8.GetBytes(name)));

    [Theory]
    [InlineData("**", "file", true)]
    [InlineData("**", "dir/file", true)]
    [InlineData("**/", "dir/file", true)]
    [InlineData("**/**", "dir/dir2/file", true)]
    [InlineData("dir/**", "dir/dir2/file", true)]
    [InlineData("dir/**", "dir", false)]
    [InlineData("**/dir2/*", "dir/dir2/file", true)]
    [InlineData("**/dir2/*", "dir/dir2/a/file", false)]
    [InlineData("**/dir2/**", "dir/dir2/dir3/file", true)]
    [InlineData("**file", "dir/file", true)]
    [InlineData("**file", "dir/myfile", true)]
    [InlineData("**/file", "dir/myfile", false)]
    [InlineData("**/file", "file", true)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b/**/c", "a/x/b/y/z/c", true)]
    [InlineData("**/*.txt", "a/b/c.txt", true)]
    [InlineData("*.txt", "a/c.txt", false)]
    [InlineData("/a/", "a", false)]
    [InlineData("./a/../b", "b", true)]
    [InlineData("a\\?", "a?", true)]
    public void Ignore_patterns_match_as_dockerignores_do(string pattern, string path, bool matches) =>
        Assert.Equal(matches, new PathPatterns([pattern], "patterns").Matches(Encoding.UTF8.GetBytes(path), null, out _));

    [Theory]
    [InlineData("[")]
    [InlineData("a[^")]
    [InlineData("[]a]")]
    [InlineData("a\\")]
    public void A_malformed_pattern_is_refused(string pattern) =>
        Assert.Equal($"invalid patterns: [{pattern}]: syntax error in pattern", Assert.Throws<NaruException>(() => new PathPatterns([pattern], "patterns")).Message);

    [Fact]
    public void What_matches_a_folder_matches_below_until_taken_back()
    {
        var patterns = new PathPatterns(["a", "!a/b/c", "x*"], "patterns");
        Assert.True(patterns.Matches("a"u8, null, out var a));
        Assert.True(patterns.Matches("a/b"u8, a, out var b));
        Assert.False(patterns.Matches("a/b/c"u8, b, out var c));
        Assert.False(patterns.Matches("a/b/c/d"u8, c, out _));
        Assert.True(patterns.Matches("a/b/d"u8, b, out _));
    }

    [Fact]
    public void Many_stars_take_no_time()
    {
        var pattern = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("*a", 100)) + "b");
        var deep = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("**/*a", 100)) + "b");
        var name = Encoding.UTF8.GetBytes(new string('a', 250));
        var watch = Stopwatch.StartNew();
        Assert.False(Glob.Matches(pattern, name));
        Assert.False(Glob.Matches(deep, name, across: true));
        Assert.InRange(watch.Elapsed.TotalSeconds, 0, 5);
    }
}
