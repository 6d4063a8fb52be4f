using Naru.Base;

namespace Naru.Runtime.Seccomp;

/// <summary>A way of calling this machine's kernel: system calls have numbers of their own in each.</summary>
/// <param name="Audit">AUDIT_ARCH_*, as seccomp_data.arch has it.</param>
/// <param name="Column">Which of a call's numbers in <see cref="SystemCallTable"/>.</param>
/// <param name="Bit">What all numbers have set.</param>
/// <param name="Wide">Whether arguments have 64 bits. Those of x32 are compared by their low 32, as libseccomp does.</param>
internal sealed record SeccompArchitecture(uint Audit, int Column, uint Bit, bool Wide)
{
    /// <summary>__X32_SYSCALL_BIT.</summary>
    public const uint X32Bit = 0x40000000;

    public static readonly SeccompArchitecture X64 = new(0xC000003E, 0, 0, true);
    public static readonly SeccompArchitecture X32 = new(X64.Audit, 1, X32Bit, false);
    public static readonly SeccompArchitecture X86 = new(0x40000003, 2, 0, false);

    /// <summary>The runtime-spec's others: no process on this machine can be of them, so that they need no code.</summary>
    private static readonly string[] Others =
    [
        "ARM", "AARCH64", "MIPS", "MIPS64", "MIPS64N32", "MIPSEL", "MIPSEL64", "MIPSEL64N32", "PPC", "PPC64", "PPC64LE",
        "S390", "S390X", "PARISC", "PARISC64", "RISCV64", "LOONGARCH64", "M68K", "SH", "SHEB",
    ];

    /// <summary>Those of a profile that this machine has; its own always.</summary>
    /// <exception cref="NaruException">InvalidArgument: a word that is none of the runtime-spec's.</exception>
    public static List<SeccompArchitecture> Of(IReadOnlyList<string>? names)
    {
        List<SeccompArchitecture> found = [X64];
        foreach (var name in names ?? [])
        {
            var one = name switch { "SCMP_ARCH_X86_64" => X64, "SCMP_ARCH_X32" => X32, "SCMP_ARCH_X86" => X86, _ => null };
            if (one is null && (!name.StartsWith("SCMP_ARCH_", StringComparison.Ordinal) || Array.IndexOf(Others, name["SCMP_ARCH_".Length..]) < 0))
                throw NaruException.Invalid($"string {name} is not a valid arch for seccomp");
            if (one is not null && !found.Contains(one))
                found.Add(one);
        }

        return found;
    }
}
