using Naru.Base;
using Naru.Linux;
using Naru.Runtime.Cgroups;

namespace Naru.Tests.Runtime.Cgroups;

public sealed class CgroupPathTests
{
    private static readonly CgroupMount[] Legacy =
    [
        new("memory", "/sys/fs/cgroup/memory", "/") { Own = "/user/me" }, new("cpu,cpuacct", "/sys/fs/cgroup/cpu,cpuacct", "/"), new("", "/sys/fs/cgroup/unified", "/") { Own = "/session" },
    ];

    private static readonly CgroupMount[] Unified = [new("", "/sys/fs/cgroup", "/") { Own = "/user.slice/session-1.scope" }];

    [Theory]
    [InlineData("", "/user/me/ID", "/ID", "/session/ID")]
    [InlineData("/a/b/", "/a/b", "/a/b", "/a/b")]
    [InlineData("a/../../b", "/user/me/b", "/b", "/session/b")]
    [InlineData("/../x", "/x", "/x", "/x")]
    public void Without_a_slash_it_is_below_the_callers_own_on_v1(string path, string memory, string cpu, string unified)
    {
        var folders = CgroupManagers.FoldersOf(Legacy, path, "ID");
        Assert.Equal(("/sys/fs/cgroup/memory" + memory, "/sys/fs/cgroup/cpu,cpuacct" + cpu, "/sys/fs/cgroup/unified" + unified), (folders["memory"], folders["cpu,cpuacct"], folders[""]));
    }

    [Theory]
    [InlineData("", "/sys/fs/cgroup/user.slice/ID")]
    [InlineData("a", "/sys/fs/cgroup/user.slice/a")]
    [InlineData("/a", "/sys/fs/cgroup/a")]
    public void Without_a_slash_it_is_beside_the_callers_own_on_v2(string path, string folder) => Assert.Equal(folder, CgroupManagers.FoldersOf(Unified, path, "ID")[""]);

    [Fact]
    public void Where_only_a_part_of_a_hierarchy_is_mounted_paths_begin_there()
    {
        var mount = new CgroupMount("memory", "/mnt", "/docker/x") { Own = "/docker/x/y" };
        Assert.Equal("/mnt/y", mount.FolderOf(mount.Own));
        Assert.Equal("/mnt", mount.FolderOf("/docker/x"));
    }

    [Fact]
    public void Own_cgroups_are_found_by_one_controller_of_several()
    {
        const string text = "4:cpu,cpuacct:/a\n3:name=systemd:/s\n0::/u:v\n";
        Assert.Equal(("/a", "/a", "/s", "/u:v", "/"), (CgroupMounts.OwnIn(text, "cpuacct"), CgroupMounts.OwnIn(text, "cpu,cpuacct"), CgroupMounts.OwnIn(text, "name=systemd"),
            CgroupMounts.OwnIn(text, ""), CgroupMounts.OwnIn(text, "memory")));
    }

    [Theory]
    [InlineData(null, "runc-ID.scope", "/system.slice/runc-ID.scope")]
    [InlineData("system.slice:docker:ID", "docker-ID.scope", "/system.slice/docker-ID.scope")]
    [InlineData(":docker:ID", "docker-ID.scope", "/system.slice/docker-ID.scope")]
    [InlineData("kube-pods-a.slice:cri:x", "cri-x.scope", "/kube.slice/kube-pods.slice/kube-pods-a.slice/cri-x.scope")]
    [InlineData("-.slice:p:x", "p-x.scope", "/p-x.scope")]
    [InlineData("a.slice:p:b.slice", "b.slice", "/a.slice/b.slice")]
    [InlineData("a.slice:p:x+y", "p-x\\x2by.scope", "/a.slice/p-x\\x2by.scope")]
    public void A_unit_has_its_name_and_place(string? path, string name, string place)
    {
        var unit = SystemdUnit.Of(path, "ID", user: false);
        Assert.Equal((name, place), (unit.Name, unit.PathInHierarchy()));
    }

    [Theory]
    [InlineData("/a/b", "expected cgroupsPath to be of format \"slice:prefix:name\" for systemd cgroups, got \"/a/b\" instead")]
    [InlineData("a--b.slice:p:x", "invalid slice name: a--b.slice")]
    [InlineData("a:p:x", "invalid slice name: a")]
    [InlineData("../a.slice:p:x", "invalid slice name: ../a.slice")]
    public void A_path_of_another_form_is_refused(string path, string message) =>
        Assert.Equal(message, Assert.Throws<NaruException>(() => SystemdUnit.Of(path, "ID", user: false)).Message);

    [Fact]
    public void A_user_has_a_slice_of_his_own() => Assert.Equal("/user.slice/runc-ID.scope", SystemdUnit.Of("", "ID", user: true).PathInHierarchy());
}
