using Naru.Base;
using Naru.Oci.Runtime;
using Naru.Runtime.Resctrl;

namespace Naru.Tests.Runtime;

/// <summary>linux.intelRdt, on a folder that looks like resctrl's: the kernel makes the files of a new group, which a plain folder cannot.</summary>
public sealed class ResctrlTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("naru-resctrl-");

    private ResctrlMount Mount => new(_folder.FullName);

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("L3:0=f\nMB:0=10", "MB:0=50", "L3:0=f\nMB:0=50\n")]
    [InlineData("L3:0=f\nMB:0=10", null, "L3:0=f\nMB:0=10\n")]
    [InlineData(null, "MB:0=50", "MB:0=50\n")]
    [InlineData(null, null, "")]
    public void The_schemata_are_those_of_both_members(string? cache, string? bandwidth, string written) =>
        Assert.Equal(written, ResctrlGroup.Schemata(new IntelRdt { L3CacheSchema = cache, MemBwSchema = bandwidth }));

    [Fact]
    public void Further_lines_come_last() =>
        Assert.Equal("L3:0=f\nL2:0=3\nMB:0=1\n", ResctrlGroup.Schemata(new IntelRdt { L3CacheSchema = "L3:0=f", Schemata = ["L2:0=3", "MB:0=1"] }));

    [Fact]
    public void A_process_joins_the_class_that_is_named_and_leaves_it_behind()
    {
        MakeGroup("gold");
        var group = new ResctrlGroup(Mount, new IntelRdt { ClosId = "gold", L3CacheSchema = "L3:0=f" }, "c1");
        group.Enter(42);
        Assert.Equal("L3:0=f\n", File.ReadAllText($"{group.Folder}/schemata"));
        Assert.Equal("42", File.ReadAllText($"{group.Folder}/tasks"));
        Assert.Empty(group.Own);
    }

    [Fact]
    public void A_container_without_a_name_for_its_class_has_one_of_its_own()
    {
        MakeGroup("c1");
        MakeGroup("c1/mon_groups/c1");
        var group = new ResctrlGroup(Mount, new IntelRdt { MemBwSchema = "MB:0=70", EnableMonitoring = true }, "c1");
        group.Enter(42);
        Assert.Equal("MB:0=70\n", File.ReadAllText($"{group.Folder}/schemata"));
        Assert.Equal("42", File.ReadAllText($"{group.MonitoringFolder}/tasks"));
        ResctrlGroup.Join(group.Folder, group.Own, 43);
        Assert.Equal("43", File.ReadAllText($"{group.Folder}/tasks"));
        Assert.Equal("43", File.ReadAllText($"{group.MonitoringFolder}/tasks"));
        Assert.Equal([group.MonitoringFolder!, group.Folder], group.Own);
    }

    [Fact]
    public void A_named_class_without_shares_must_be_there()
    {
        var group = new ResctrlGroup(Mount, new IntelRdt { ClosId = "silver" }, "c1");
        Assert.Contains("clos dir not accessible", Assert.Throws<NaruException>(() => group.Enter(42)).Message);
        Assert.False(Directory.Exists(group.Folder));
    }

    [Fact]
    public void What_the_machine_cannot_do_is_refused_by_name()
    {
        Directory.CreateDirectory(_folder.FullName + "/info/L3");
        Assert.Contains("Intel RDT is not enabled", Refusal(null, new IntelRdt()));
        Assert.Contains("Intel RDT/MBA is not enabled", Refusal(Mount, new IntelRdt { MemBwSchema = "MB:0=1" }));
        Assert.Contains("counts neither", Refusal(Mount, new IntelRdt { EnableCmt = true }));
        Assert.Contains("invalid intelRdt.ClosID \"../x\"", Refusal(Mount, new IntelRdt { ClosId = "../x" }));
        Assert.Same(Mount.Path, ResctrlMount.Require(Mount, new IntelRdt { L3CacheSchema = "L3:0=f" }).Path);
    }

    [Fact]
    public void Removal_takes_what_is_the_containers_own()
    {
        Directory.CreateDirectory(_folder.FullName + "/c1");
        ResctrlGroup.Remove([_folder.FullName + "/c1/mon_groups/c1", _folder.FullName + "/c1"]);
        Assert.False(Directory.Exists(_folder.FullName + "/c1"));
    }

    private static string Refusal(ResctrlMount? mount, IntelRdt wanted) => Assert.Throws<NaruException>(() => ResctrlMount.Require(mount, wanted)).Message;

    private void MakeGroup(string name)
    {
        var folder = _folder.CreateSubdirectory(name).FullName;
        File.WriteAllText($"{folder}/schemata", "");
        File.WriteAllText($"{folder}/tasks", "");
    }
}
