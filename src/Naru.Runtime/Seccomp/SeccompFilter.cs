using System.Buffers.Binary;
using Naru.Base;
using OciSeccomp = Naru.Oci.Runtime.Seccomp;

namespace Naru.Runtime.Seccomp;

/// <summary>A compiled filter, and seccomp(2)'s flags for it.</summary>
/// <remarks>Compiled anew for each process: that takes less than to keep filters on a disk, to find the right one, and to make sure that it is (docs/decisions/0007).</remarks>
internal sealed record SeccompFilter(byte[] Program, uint Flags)
{
    private const int FlagsLength = 4;

    /// <summary>What <see cref="ToBytes"/> made; null of no bytes.</summary>
    public static SeccompFilter? FromBytes(byte[] bytes) =>
        bytes.Length == 0 ? null : new SeccompFilter(bytes[FlagsLength..], BinaryPrimitives.ReadUInt32LittleEndian(bytes));

    /// <summary>The flags, then the program.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[FlagsLength + Program.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Flags);
        Program.CopyTo(bytes, FlagsLength);
        return bytes;
    }

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
