using Naru.Base;

namespace Naru.Runtime.Seccomp;

/// <summary>The runtime-spec's words for seccomp, as libseccomp's and the kernel's numbers.</summary>
internal static class SeccompNames
{
    /// <param name="errno">For ERRNO and TRACE: null is EPERM.</param>
    public static uint ActionOf(string action, uint? errno) => action switch
    {
        "SCMP_ACT_ALLOW" => 0x7fff0000,
        "SCMP_ACT_ERRNO" => 0x50000 | ((errno ?? 1) & 0xFFFF),
        "SCMP_ACT_KILL" or "SCMP_ACT_KILL_THREAD" => 0,
        "SCMP_ACT_KILL_PROCESS" => 0x80000000,
        "SCMP_ACT_TRAP" => 0x30000,
        "SCMP_ACT_TRACE" => 0x7ff00000 | ((errno ?? 1) & 0xFFFF),
        "SCMP_ACT_LOG" => 0x7ffc0000,
        _ => throw NaruException.Invalid($"string {action} is not a valid action for seccomp"),
    };

    /// <summary>libseccomp's enum scmp_compare.</summary>
    public static int OperatorOf(string name) => name switch
    {
        "SCMP_CMP_NE" => 1,
        "SCMP_CMP_LT" => 2,
        "SCMP_CMP_LE" => 3,
        "SCMP_CMP_EQ" => 4,
        "SCMP_CMP_GE" => 5,
        "SCMP_CMP_GT" => 6,
        "SCMP_CMP_MASKED_EQ" => 7,
        _ => throw NaruException.Invalid($"string {name} is not a valid operator for seccomp"),
    };

    /// <summary>libseccomp's name of SCMP_ARCH_X86_64: x86_64.</summary>
    public static string ArchitectureOf(string name) => name.StartsWith("SCMP_ARCH_", StringComparison.Ordinal)
        ? name["SCMP_ARCH_".Length..].ToLowerInvariant()
        : throw NaruException.Invalid($"string {name} is not a valid arch for seccomp");

    /// <summary>SECCOMP_FILTER_FLAG_*.</summary>
    public static uint FlagsOf(IReadOnlyList<string>? flags)
    {
        uint bits = 0;
        foreach (var flag in flags ?? [])
        {
            bits |= flag switch
            {
                "SECCOMP_FILTER_FLAG_TSYNC" => 0u,
                "SECCOMP_FILTER_FLAG_LOG" => 2u,
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => 4u,
                _ => throw NaruException.Invalid($"seccomp flag \"{flag}\" is not supported"),
            };
        }

        return bits;
    }
}
