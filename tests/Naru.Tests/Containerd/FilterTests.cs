using Naru.Base;
using Naru.Containerd;

namespace Naru.Tests.Containerd;

/// <summary>containerd's filter syntax, as ctr and nerdctl send it.</summary>
public sealed class FilterTests
{
    private static readonly Dictionary<string, string> Fields = new()
    {
        ["id"] = "web",
        ["name"] = "docker.io/library/busybox:1",
        ["labels.a.b/c"] = "x y",
        ["labels.n"] = "",
    };

    [Theory]
    [InlineData("id==web", true)]
    [InlineData("id==other", false)]
    [InlineData("id!=other", true)]
    [InlineData("id!=web", false)]
    [InlineData("missing!=anything", true)]
    [InlineData("missing==anything", false)]
    [InlineData("id", true)]
    [InlineData("missing", false)]
    [InlineData("labels.n", true)]
    [InlineData("name==docker.io/library/busybox:1", true)]
    [InlineData("labels.\"a.b/c\"==\"x y\"", true)]
    [InlineData("id~=^w", true)]
    [InlineData("id~=/^b$/", false)]
    [InlineData("name~=|library/busy|", true)]
    [InlineData("name~=/library\\/busy/", true)]
    [InlineData("id==web,name~=busybox", true)]
    [InlineData("id==web,name==other", false)]
    [InlineData(" id == web ", true)]
    [InlineData("", true)]
    public void Matches_as_containerd_does(string filter, bool expected) => Assert.Equal(expected, Filter.Parse([filter]).Matches(Read));

    [Fact]
    public void No_filter_matches_all() => Assert.True(Filter.Parse([]).Matches(_ => null));

    [Fact]
    public void One_of_several_filters_is_enough() => Assert.True(Filter.Parse(["id==other", "id==web"]).Matches(Read));

    [Theory]
    [InlineData("==web")]
    [InlineData("id=web")]
    [InlineData("id==")]
    [InlineData("id==\"web")]
    [InlineData("id==web,")]
    [InlineData("id~=/(/")]
    [InlineData("id==|web|")]
    public void What_is_no_filter_is_refused(string filter) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => Filter.Parse([filter])).Kind);

    private static string? Read(IReadOnlyList<string> path) => Fields.GetValueOrDefault(string.Join('.', path));
}
