using Naru.Cli;
using Naru.Cli.Commands.Copying;

namespace Naru.Tests.Cli;

public sealed class CopyPathTests
{
    [Theory]
    [InlineData("web:/etc", "web", "/etc")]
    [InlineData("/a:b", "", "/a:b")]
    [InlineData("./a:b", "", "./a:b")]
    [InlineData("file", "", "file")]
    [InlineData("web:", "web", "")]
    public void One_side_reads(string text, string container, string path) => Assert.Equal(new CopyPath(container, path), CopyPath.Parse(text));

    [Theory]
    [InlineData("/a/b", "/a", "b")]
    [InlineData("/a/b/", "/a", "b")]
    [InlineData("/a/.", "/a", ".")]
    [InlineData("/a", "/", "a")]
    [InlineData("/", "/", "/")]
    [InlineData("a", ".", "a")]
    public void A_path_splits(string path, string folder, string name) => Assert.Equal((folder, name), CopyPath.Split(path));

    [Theory]
    [InlineData("/a//b/../c/.", "/a/c")]
    [InlineData("/..", "/")]
    [InlineData("../a", "../a")]
    [InlineData("", ".")]
    public void A_path_is_cleaned(string path, string clean) => Assert.Equal(clean, CopyPath.Clean(path));

    [Fact]
    public void A_file_takes_the_name_of_a_place_that_does_not_exist()
    {
        Assert.Equal(("/to", "file", "name"), new CopyPlace("/to/name", false, false).Unpack(new CopyPlace("/file", true, false)));
        Assert.Equal(("/to", null, null), new CopyPlace("/to", true, true).Unpack(new CopyPlace("/file", true, false)));
        Assert.Equal("no such directory", Assert.Throws<ExitException>(() => new CopyPlace("/to/", false, false).Unpack(new CopyPlace("/file", true, false))).Message);
        Assert.Equal("cannot copy directory", Assert.Throws<ExitException>(() => new CopyPlace("/to", true, false).Unpack(new CopyPlace("/folder", true, true))).Message);
    }
}
