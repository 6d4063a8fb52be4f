using Naru.Base;
using Naru.Engine.Security;
using Naru.Oci.Runtime;

namespace Naru.Tests.Engine;

public sealed class SeccompProfilesTests
{
    [Fact]
    public void The_default_allows_what_Docker_allows_and_no_new_namespace()
    {
        var profile = SeccompProfiles.Default(CapabilityNames.Default);
        Assert.Equal(("SCMP_ACT_ERRNO", 1u), (profile.DefaultAction, profile.DefaultErrnoRet));
        var allowed = Allowed(profile);
        Assert.InRange(allowed.Count, 350, 400);
        Assert.DoesNotContain(allowed, name => name is "mount" or "umount2" or "pivot_root" or "setns" or "unshare" or "bpf" or "keyctl" or "perf_event_open" or "userfaultfd"
            or "io_uring_setup" or "open_by_handle_at" or "syslog" or "quotactl" or "fsopen" or "move_mount");
        Assert.Contains(profile.Syscalls!, rule => rule.Names.Contains("clone3") && rule.Action == "SCMP_ACT_ERRNO" && rule.ErrnoRet == 38);
    }

    [Fact]
    public void A_capability_opens_its_calls()
    {
        Assert.Contains("mount", Allowed(SeccompProfiles.Default([.. CapabilityNames.Default, "CAP_SYS_ADMIN"])));
        Assert.Contains("syslog", Allowed(SeccompProfiles.Default([.. CapabilityNames.Default, "CAP_SYSLOG"])));
    }

    [Fact]
    public void What_is_no_profile_is_refused() =>
        Assert.StartsWith("Decoding seccomp profile failed: ", Assert.Throws<NaruException>(() => SeccompProfiles.Parse("{", [])).Message);

    private static HashSet<string> Allowed(Seccomp profile) =>
        [.. profile.Syscalls!.Where(rule => rule.Action == "SCMP_ACT_ALLOW" && rule.Args is null).SelectMany(rule => rule.Names)];
}
