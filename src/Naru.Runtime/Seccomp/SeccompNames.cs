using Naru.Base;
using Naru.Oci.Runtime;

namespace Naru.Runtime.Seccomp;

/// <summary>The runtime-spec's words for seccomp, as the kernel's numbers.</summary>
internal static class SeccompNames
{
    /// <summary>SECCOMP_FILTER_FLAG_NEW_LISTENER: the filter comes with a descriptor, at which calls are answered.</summary>
    public const uint NewListener = 8;

    /// <summary>The action that asks whoever holds the filter's listener.</summary>
    public const uint Notify = 0x7fc00000;

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
        "SCMP_ACT_NOTIFY" => Notify,
        _ => throw NaruException.Invalid($"string {action} is not a valid action for seccomp"),
    };

    /// <summary>Whether an action keeps the call from being made.</summary>
    public static bool Refuses(uint action) => (action & 0x7fff0000) is not (0x7fff0000 or 0x7ffc0000 or 0x7ff00000);

    public static SeccompComparison ComparisonOf(SeccompArgument argument) => argument.Index > 5
        ? throw NaruException.Invalid($"invalid seccomp argument index: {argument.Index} (valid range is 0-5)")
        : new SeccompComparison(argument.Index, OperatorOf(argument.Op), argument.Value, argument.ValueTwo ?? 0);

    /// <summary>SECCOMP_FILTER_FLAG_*.</summary>
    /// <param name="listens">Some call is to be notified of: the filter gets a listener.</param>
    public static uint FlagsOf(IReadOnlyList<string>? flags, bool listens)
    {
        var bits = listens ? NewListener : 0;
        foreach (var flag in flags ?? [])
        {
            bits |= flag switch
            {
                "SECCOMP_FILTER_FLAG_TSYNC" => 0u,
                "SECCOMP_FILTER_FLAG_LOG" => 2u,
                "SECCOMP_FILTER_FLAG_SPEC_ALLOW" => 4u,
                // It says how a listener waits: of no meaning, and refused by the kernel, where there is none.
                "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV" => listens ? 0x20u : 0u,
                _ => throw NaruException.Invalid($"seccomp flag \"{flag}\" is not supported"),
            };
        }

        return bits;
    }

    private static SeccompOperator OperatorOf(string name) => name switch
    {
        "SCMP_CMP_NE" => SeccompOperator.NotEqual,
        "SCMP_CMP_LT" => SeccompOperator.Less,
        "SCMP_CMP_LE" => SeccompOperator.AtMost,
        "SCMP_CMP_EQ" => SeccompOperator.Equal,
        "SCMP_CMP_GE" => SeccompOperator.AtLeast,
        "SCMP_CMP_GT" => SeccompOperator.Greater,
        "SCMP_CMP_MASKED_EQ" => SeccompOperator.MaskedEqual,
        _ => throw NaruException.Invalid($"string {name} is not a valid operator for seccomp"),
    };
}
