using System.Buffers;
using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Linux;
using OciSeccomp = Naru.Oci.Runtime.Seccomp;

namespace Naru.Runtime.Seccomp;

/// <summary>A compiled filter, and seccomp(2)'s flags for it.</summary>
/// <remarks>
/// libseccomp takes 40 to 50 ms for Docker's profile, so what it compiled is kept in a folder that only root can write. The name is the digest of
/// all that determines the filter; the content starts with the digest of the rest, and what does not match is compiled anew.
/// </remarks>
internal sealed record SeccompFilter(byte[] Program, uint Flags)
{
    /// <summary>Changes with how filters are compiled here.</summary>
    private const string Generation = "naru-seccomp-2";

    private static readonly string[] LibraryPaths =
    [
        "/usr/lib/x86_64-linux-gnu/libseccomp.so.2", "/usr/lib64/libseccomp.so.2", "/usr/lib/libseccomp.so.2", "/lib/x86_64-linux-gnu/libseccomp.so.2",
    ];

    /// <summary>Null where there is no profile.</summary>
    public static SeccompFilter? Load(OciSeccomp? profile, string cacheFolder)
    {
        if (profile is null)
            return null;
        if (profile.ListenerPath is { Length: > 0 } || profile.Syscalls?.Any(rule => rule.Action == "SCMP_ACT_NOTIFY") == true)
            throw new NaruException(ErrorKind.Unimplemented, "seccomp notify is not supported");
        var flags = SeccompNames.FlagsOf(profile.Flags);
        var path = $"{cacheFolder}/{Convert.ToHexStringLower(Sha256.Hash(KeyOf(profile)))}.bpf";
        if (TryRead(path) is { } cached)
            return new SeccompFilter(cached, flags);
        var program = UnknownCalls.Prepend(SeccompCompiler.Compile(profile), profile);
        Directory.CreateDirectory(cacheFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        AtomicFile.Write(path, [.. Sha256.Hash(program), .. program], durable: false);
        return new SeccompFilter(program, flags);
    }

    /// <summary>All that the program depends on, each part ended by a NUL, each list by another.</summary>
    private static ReadOnlySpan<byte> KeyOf(OciSeccomp profile)
    {
        var key = new ArrayBufferWriter<byte>(12 * 1024);
        void Text(string? text)
        {
            var span = key.GetSpan(Encoding.UTF8.GetMaxByteCount(text?.Length ?? 0) + 1);
            var length = Encoding.UTF8.GetBytes(text, span);
            span[length] = 0;
            key.Advance(length + 1);
        }

        void Texts(IReadOnlyList<string>? texts)
        {
            foreach (var text in texts ?? [])
                Text(text);
            Text("");
        }

        void Number(ulong? number)
        {
            if (number is null)
                Text("-");
            else
                Text(number.Value.ToString(CultureInfo.InvariantCulture));
        }

        Text(Generation);
        Text(LibraryIdentity());
        Text(profile.DefaultAction);
        Number(profile.DefaultErrnoRet);
        Texts(profile.Architectures);
        foreach (var rule in profile.Syscalls ?? [])
        {
            Text(rule.Action);
            Number(rule.ErrnoRet);
            foreach (var argument in rule.Args ?? [])
            {
                Number(argument.Index);
                Number(argument.Value);
                Number(argument.ValueTwo);
                Text(argument.Op);
            }

            Text("");
            Texts(rule.Names);
        }

        return key.WrittenSpan;
    }

    private static byte[]? TryRead(string path)
    {
        using var handle = Files.TryOpen(path, OpenFlags.ReadOnly | OpenFlags.NoFollow);
        if (handle is null || Files.Status(handle) is not { Kind: FileKind.Regular, Uid: 0 } status || (status.Mode & 0x12) != 0)
            return null;
        var content = Files.ReadAll(handle);
        return content.Length > 32 && content.AsSpan(0, 32).SequenceEqual(Sha256.Hash(content.AsSpan(32))) ? content[32..] : null;
    }

    /// <summary>An upgraded libseccomp knows other system calls and compiles another filter.</summary>
    private static string LibraryIdentity()
    {
        foreach (var path in LibraryPaths)
        {
            if (Files.TryStatus(path) is { } status)
                return $"{path} {status.Size} {status.Inode}";
        }

        return "";
    }
}
