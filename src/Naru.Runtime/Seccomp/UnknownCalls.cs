using System.Buffers.Binary;
using OciSeccomp = Naru.Oci.Runtime.Seccomp;

namespace Naru.Runtime.Seccomp;

/// <summary>Answers ENOSYS, not the profile's EPERM, for x86-64 system calls newer than any that the profile can know: programs then fall back.</summary>
/// <remarks>Prepended to libseccomp's program; runc does the same. Only where the default action is an error.</remarks>
internal static class UnknownCalls
{
    /// <summary>The last call that libseccomp 2.5.4 (and Docker's profile) names: futex_waitv 449 … 2.6's 462 (mseal).</summary>
    private const uint LastKnown = 462;

    private const uint AuditArchX64 = 0xC000003E, X32Bit = 0x40000000, ReturnNoSys = 0x50000 | 38;

    public static byte[] Prepend(byte[] program, OciSeccomp profile)
    {
        if (profile.DefaultAction != "SCMP_ACT_ERRNO" || profile.DefaultErrnoRet is { } errno and not 1)
            return program;
        (ushort Code, byte True, byte False, uint Value)[] prelude =
        [
            (0x20, 0, 0, 4), // load seccomp_data.arch
            (0x15, 0, 4, AuditArchX64), // another architecture: on to the program
            (0x20, 0, 0, 0), // load seccomp_data.nr
            (0x25, 0, 2, LastKnown), // known: on
            (0x35, 1, 0, X32Bit), // x32: on
            (0x06, 0, 0, ReturnNoSys),
        ];
        var joined = new byte[prelude.Length * 8 + program.Length];
        for (var index = 0; index < prelude.Length; index++)
        {
            var (code, whenTrue, whenFalse, value) = prelude[index];
            var instruction = joined.AsSpan(index * 8);
            BinaryPrimitives.WriteUInt16LittleEndian(instruction, code);
            (instruction[2], instruction[3]) = (whenTrue, whenFalse);
            BinaryPrimitives.WriteUInt32LittleEndian(instruction[4..], value);
        }

        program.CopyTo(joined, prelude.Length * 8);
        return joined;
    }
}
