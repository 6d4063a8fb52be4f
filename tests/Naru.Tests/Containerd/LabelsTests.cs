using Naru.Base;
using Naru.Containerd;

namespace Naru.Tests.Containerd;

public sealed class LabelsTests
{
    private static readonly Dictionary<string, string> Current = new() { ["a"] = "1", ["b.c/d"] = "2" };

    [Fact]
    public void They_come_back_as_they_were_stored()
    {
        var labels = new Dictionary<string, string> { ["quote\"d"] = "line\nbreak", ["한글"] = "값", ["empty"] = "" };
        Assert.Equal(labels, Labels.Parse(Labels.Format(labels)));
    }

    [Fact]
    public void Without_paths_all_are_replaced() =>
        Assert.Equal(new() { ["x"] = "9" }, Labels.Update(Current, new Dictionary<string, string> { ["x"] = "9" }, [], "image"));

    [Fact]
    public void A_path_changes_one_and_its_key_may_have_dots() =>
        Assert.Equal(new() { ["a"] = "1", ["b.c/d"] = "3" }, Labels.Update(Current, new Dictionary<string, string> { ["b.c/d"] = "3" }, ["labels.b.c/d"], "image"));

    [Fact]
    public void An_empty_value_removes_the_label() =>
        Assert.Equal(new() { ["b.c/d"] = "2" }, Labels.Update(Current, new Dictionary<string, string> { ["a"] = "" }, ["labels.a"], "image"));

    [Fact]
    public void Another_field_is_refused() =>
        Assert.Equal("cannot update \"size\" field on content info: invalid argument",
            Assert.Throws<NaruException>(() => Labels.Update(Current, Current, ["size"], "content info")).Message);

    [Fact]
    public void A_label_of_more_than_4096_bytes_is_refused()
    {
        Labels.Validate(new Dictionary<string, string> { ["k"] = new string('v', 4095) });
        Assert.Throws<NaruException>(() => Labels.Validate(new Dictionary<string, string> { ["k"] = new string('v', 4096) }));
    }
}
