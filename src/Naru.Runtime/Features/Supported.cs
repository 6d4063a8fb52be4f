namespace Naru.Runtime.Features;

/// <summary>What this runtime does that no table of words says: whoever adds or takes away the code changes the word here, and <c>features</c> says so.</summary>
internal static class Supported
{
    public static bool CgroupVersion1 => true;

    public static bool CgroupVersion2 => true;

    public static bool Rdma => true;

    /// <summary>Cgroups that systemd makes (--systemd-cgroup): the machine's, a user's.</summary>
    public static bool SystemdCgroup => true;

    public static bool SystemdUserCgroup => true;

    public static bool Seccomp => true;

    public static bool AppArmor => true;

    public static bool Selinux => true;

    public static bool IntelRdt => true;

    public static bool NetDevices => true;

    public static bool Checkpoint => false;

    /// <summary>In the order in which they run.</summary>
    public static IReadOnlyList<string> Hooks { get; } = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

    /// <summary>Annotations of config.json that change what this runtime does; one that ends in a dot stands for all that begin so.</summary>
    public static IReadOnlyList<string> UnsafeAnnotations { get; } = ["org.systemd.property."];
}
