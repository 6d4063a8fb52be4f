using System.Text.Json.Nodes;
using Naru.Runtime.Features;

namespace Naru.Tests.Runtime;

/// <summary>The features document: the runtime-spec's members, and no word that is not taken.</summary>
public sealed class FeaturesTests
{
    private static readonly JsonNode s_document = JsonNode.Parse(RuntimeFeatures.Describe("1.2.3"))!;

    [Fact]
    public void It_has_the_members_that_callers_read()
    {
        Assert.Equal(["ociVersionMin", "ociVersionMax", "hooks", "mountOptions", "linux", "annotations", "potentiallyUnsafeConfigAnnotations"],
            s_document.AsObject().Select(pair => pair.Key));
        Assert.Equal("1.2.3", (string?)s_document["annotations"]!["io.naru.runc.version"]);
        Assert.Equal(["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"], Words("namespaces"));
        Assert.Equal(41, Words("capabilities").Length);
        Assert.Contains("SCMP_ARCH_X86_64", s_document["linux"]!["seccomp"]!["archs"]!.AsArray().Select(word => (string)word!));
    }

    [Fact]
    public void Every_word_of_runcs_mount_options_is_there()
    {
        var options = s_document["mountOptions"]!.AsArray().Select(word => (string)word!).ToHashSet();
        foreach (var word in "async atime bind defaults dev diratime dirsync exec iversion lazytime loud mand noatime nodev nodiratime noexec noiversion nolazytime nomand norelatime nostrictatime nosuid nosymfollow private ratime rbind rdev rdiratime relatime remount rexec rnoatime rnodev rnodiratime rnoexec rnorelatime rnostrictatime rnosuid rnosymfollow ro rprivate rrelatime rro rrw rshared rslave rstrictatime rsuid rsymfollow runbindable rw shared silent slave strictatime suid symfollow sync tmpcopyup unbindable".Split(' '))
            Assert.Contains(word, options);
        Assert.DoesNotContain("size=1m", options);
    }

    private static string[] Words(string name) => [.. s_document["linux"]![name]!.AsArray().Select(word => (string)word!)];
}
