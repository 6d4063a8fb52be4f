using Naru.Base;
using OciSeccomp = Naru.Oci.Runtime.Seccomp;

namespace Naru.Runtime.Seccomp;

/// <summary>A compiled filter, and seccomp(2)'s flags for it.</summary>
/// <remarks>Compiled anew for each process: that takes less than to keep filters on a disk, to find the right one, and to make sure that it is (docs/decisions/0007).</remarks>
internal sealed record SeccompFilter(byte[] Program, uint Flags)
{
    /// <summary>Null where there is no profile.</summary>
    public static SeccompFilter? Of(OciSeccomp? profile)
    {
        if (profile is null)
            return null;
        if (profile.ListenerPath is { Length: > 0 } || profile.Syscalls?.Any(rule => rule.Action == "SCMP_ACT_NOTIFY") == true)
            throw new NaruException(ErrorKind.Unimplemented, "seccomp notify is not supported");
        return new SeccompFilter(SeccompCompiler.Compile(profile), SeccompNames.FlagsOf(profile.Flags));
    }
}
