using System.Diagnostics;
using Naru.Base;
using Naru.Base.Paths;

namespace Naru.Tests.Base.Paths;

public class PathPatternsTests
{
    [Theory]
    [InlineData("**", "file", true)]
    [InlineData("**", "dir/file", true)]
    [InlineData("**/", "file", true)]
    [InlineData("**/**", "dir/file", true)]
    [InlineData("dir/**", "dir/file", true)]
    [InlineData("dir/**", "dir", false)]
    [InlineData("dir/**", "dir/dir2/file", true)]
    [InlineData("**/dir", "dir", true)]
    [InlineData("**/dir", "dir/file", true)]
    [InlineData("**/dir2/*", "dir/dir2/file", true)]
    [InlineData("**/dir2/*", "dir/dir2/dir2/file", true)]
    [InlineData("**/dir2/**", "dir/dir2/dir2/file", true)]
    [InlineData("**file", "dir/file", true)]
    [InlineData("**/file", "dir/xfile", false)]
    [InlineData("**file", "xfile", true)]
    [InlineData("**/file*txt", "dir/dir/file.txt", true)]
    [InlineData("**/**/*.txt", "dir/dir/file.txt", true)]
    [InlineData("a**/*.txt", "a/file.txt", true)]
    [InlineData("a/*.txt", "a/b/file.txt", false)]
    [InlineData("a[b-d]e", "ace", true)]
    [InlineData("a[^b-d]e", "aze", true)]
    [InlineData("a[^b-d]e", "ace", false)]
    [InlineData("a\\*b", "a*b", true)]
    [InlineData("abc.def", "abcdef", false)]
    [InlineData("abc?def", "abcZdef", true)]
    [InlineData("abc?def", "abc/def", false)]
    [InlineData("a(b)c/def", "a(b)c/def", true)]
    [InlineData("a.|)$(}+{bc", "a.|)$(}+{bc", true)]
    [InlineData("*", ".hidden/file", true)]
    [InlineData("dir/", "dir/file", true)]
    [InlineData("./dir//x/../y", "dir/y", true)]
    [InlineData("한?", "한글", true)]
    [InlineData("?", "😀", true)]
    [InlineData("**/a**b", "a/ab", true)]
    public void A_pattern_matches_as_in_moby(string pattern, string path, bool matches) =>
        Assert.Equal(matches, new PathPatterns([pattern]).Matches(path));

    [Theory]
    [InlineData("[")]
    [InlineData("[]")]
    [InlineData("[a-]")]
    [InlineData("[^")]
    [InlineData("a\\")]
    [InlineData("!")]
    public void A_malformed_pattern_is_refused(string pattern) =>
        Assert.Throws<NaruException>(() => new PathPatterns([pattern]));

    [Fact]
    public void The_last_pattern_that_matches_decides()
    {
        var patterns = new PathPatterns(["docs", "!docs/README.md", "*.log", "!keep.log"]);
        Assert.True(patterns.Matches("docs/a.md"));
        Assert.False(patterns.Matches("docs/README.md"));
        Assert.True(patterns.Matches("x.log"));
        Assert.False(patterns.Matches("keep.log"));
    }

    [Theory]
    [InlineData("node_modules|!**/*.md", "node_modules", false)]
    [InlineData("!**/*.md|node_modules", "node_modules", true)]
    [InlineData("node_modules|!src/*", "node_modules", true)]
    [InlineData("*|!src", "node_modules", true)]
    [InlineData("*|!src/a/b", "src", false)]
    [InlineData("*|!src/a/b", "src/a", false)]
    [InlineData("*|!src/a/b", "src/c", true)]
    [InlineData("*|!s?c/[ab]/*", "src/a", false)]
    [InlineData("*|!s?c/[ab]/*", "src/c", true)]
    public void An_ignored_folder_is_skipped_unless_something_in_it_may_come_back(string patterns, string folder, bool skips)
    {
        var read = new PathPatterns(patterns.Split('|'));
        PathMatch? match = null;
        for (var slash = folder.IndexOf('/'); slash > 0; slash = folder.IndexOf('/', slash + 1))
            match = read.Enter(folder[..slash], match);
        match = read.Enter(folder, match);
        Assert.True(match.Matched);
        Assert.Equal(skips, read.CanSkip(folder, match));
    }

    [Fact]
    public void A_walk_that_skips_finds_what_a_walk_of_everything_finds()
    {
        string[] names = ["a", "b", "c.md", "d.x"];
        string[][] lists =
        [
            ["*", "!a/b"], ["a", "!a/*/c.md"], ["**/b", "!**/c.md"], ["a/**", "!a/b/**", "a/b/a"], ["b", "!b/a", "b/a/d.x"], ["?", "![ab]/c*"],
        ];
        foreach (var list in lists)
        {
            var patterns = new PathPatterns(list);
            var (all, skipping) = (new List<string>(), new List<string>());
            Walk("", null, 3, false, all);
            Walk("", null, 3, true, skipping);
            Assert.Equal(all, skipping);

            void Walk(string prefix, PathMatch? above, int depth, bool skip, List<string> found)
            {
                foreach (var name in names)
                {
                    var path = prefix + name;
                    if (!patterns.Matches(path, above))
                        found.Add(path);
                    var entered = patterns.Enter(path, above);
                    if (depth > 1 && !(skip && patterns.CanSkip(path, entered)))
                        Walk(path + "/", entered, depth - 1, skip, found);
                }
            }
        }
    }

    [Fact]
    public void Many_wildcards_take_no_exponential_time()
    {
        var time = Stopwatch.StartNew();
        Assert.False(new PathPatterns([string.Concat(Enumerable.Repeat("*a", 30)) + "b"]).Matches(new string('a', 250)));
        Assert.True(time.Elapsed < TimeSpan.FromSeconds(5), time.Elapsed.ToString());
    }

    [Fact]
    public void An_ignore_file_is_read_line_by_line()
    {
        var read = IgnoreFile.Read("\uFEFF#comment\r\n\n  /abs/ \r\n! /x/../y\nnode_modules/\n # not a comment\n!\n"u8);
        Assert.Equal(["abs", "!y", "node_modules", "# not a comment", "!"], read);
    }

    [Theory]
    [InlineData("", ".")]
    [InlineData("/", "/")]
    [InlineData("a//b/./c/..", "a/b")]
    [InlineData("../../a/..", "../..")]
    [InlineData("/../a", "/a")]
    public void A_path_is_cleaned_as_in_Go(string path, string clean) => Assert.Equal(clean, SlashPath.Clean(path));
}
