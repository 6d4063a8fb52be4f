using System.Text.Json;
using Naru.Base;
using Naru.Linux;
using Naru.Oci.Runtime;
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
    private const string Generation = "naru-seccomp-1";

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
        var json = JsonSerializer.SerializeToUtf8Bytes(profile, SpecJson.Default.Seccomp);
        var key = Sha256.Hash([.. System.Text.Encoding.UTF8.GetBytes(Generation + LibraryIdentity()), .. json]);
        var path = Path.Combine(cacheFolder, $"{Convert.ToHexStringLower(key)}.bpf");
        if (TryRead(path) is { } cached)
            return new SeccompFilter(cached, flags);
        var program = UnknownCalls.Prepend(SeccompCompiler.Compile(profile), profile);
        Directory.CreateDirectory(cacheFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        AtomicFile.Write(path, [.. Sha256.Hash(program), .. program], durable: false);
        return new SeccompFilter(program, flags);
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
