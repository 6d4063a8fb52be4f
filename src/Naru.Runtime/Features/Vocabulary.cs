using Naru.Base;
using Naru.Oci.Runtime;
using Naru.Runtime.Init;
using Naru.Runtime.Rootfs;
using Naru.Runtime.Seccomp;

namespace Naru.Runtime.Features;

/// <summary>Words that config.json may use: of each list of all there are, those that this runtime's own readers take.</summary>
internal static class Vocabulary
{
    public static IReadOnlyList<string> MountOptions { get; } = Taken(
        [
            "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "idmap", "iversion", "lazytime", "loud", "mand", "noatime", "nodev",
            "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime", "nostrictatime", "nosuid", "nosymfollow", "private", "ratime",
            "rbind", "rdev", "rdiratime", "relatime", "remount", "rexec", "ridmap", "rnoatime", "rnodev", "rnodiratime", "rnoexec", "rnorelatime",
            "rnostrictatime", "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid",
            "rsymfollow", "runbindable", "rw", "shared", "silent", "slave", "strictatime", "suid", "symfollow", "sync", "tmpcopyup", "unbindable",
        ],
        // What is not this runtime's to understand goes on to the file system as data.
        word => Rootfs.MountOptions.Parse([word]).Data.Length == 0);

    public static IReadOnlyList<string> Namespaces { get; } = Taken(
        ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"],
        word => NamespacePlan.Open([new LinuxNamespace { Type = word }]).Created != 0);

    public static IReadOnlyList<string> SeccompActions { get; } = Taken(
        [
            "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_NOTIFY",
            "SCMP_ACT_TRACE", "SCMP_ACT_TRAP",
        ],
        word => SeccompNames.ActionOf(word, null) is var _);

    public static IReadOnlyList<string> SeccompOperators { get; } = Taken(
        ["SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_LE", "SCMP_CMP_LT", "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE"],
        word => SeccompNames.ComparisonOf(new SeccompArgument { Op = word }) is not null);

    /// <summary>Those that processes of this machine can be of.</summary>
    public static IReadOnlyList<string> SeccompArchitectures { get; } = Taken(
        ["SCMP_ARCH_X32", "SCMP_ARCH_X86", "SCMP_ARCH_X86_64"],
        word => SeccompArchitecture.Of([word]).Count > 0);

    public static IReadOnlyList<string> SeccompFlags { get; } = Taken(
        ["SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"],
        word => SeccompNames.FlagsOf([word], listens: true) is var _);

    private static List<string> Taken(IEnumerable<string> words, Func<string, bool> isTaken)
    {
        var taken = new List<string>();
        foreach (var word in words)
        {
            try
            {
                if (isTaken(word))
                    taken.Add(word);
            }
            catch (NaruException)
            {
                // A reader that refuses the word says the same.
            }
        }

        return taken;
    }
}
