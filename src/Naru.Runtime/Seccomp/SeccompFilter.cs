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

    /// <summary>Installed, it yields a descriptor for whoever is to answer its calls.</summary>
    public bool Listens => (Flags & SeccompNames.NewListener) != 0;

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
        return new SeccompFilter(SeccompCompiler.Compile(profile), SeccompNames.FlagsOf(profile.Flags, CheckListener(profile)));
    }

    /// <returns>Whether some call is to be notified of.</returns>
    private static bool CheckListener(OciSeccomp profile)
    {
        if (profile.DefaultAction == "SCMP_ACT_NOTIFY")
            throw NaruException.Invalid("SCMP_ACT_NOTIFY cannot be used as default action");
        var notified = (profile.Syscalls ?? []).Where(rule => rule.Action == "SCMP_ACT_NOTIFY").ToList();
        // By write the process tells the runtime of the listener, which nobody could answer yet.
        if (notified.Exists(rule => rule.Names.Contains("write")))
            throw NaruException.Invalid("SCMP_ACT_NOTIFY cannot be used for the write syscall");
        if (notified.Count > 0 && profile.ListenerPath is not { Length: > 0 })
            throw NaruException.Invalid("seccomp listenerPath is not set");
        return notified.Count > 0;
    }
}
