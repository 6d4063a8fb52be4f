using System.Security.Cryptography;
using Naru.Base;

namespace Naru.Containerd;

/// <summary>Digests as the store takes them: sha256 only.</summary>
public static class Digests
{
    public const string Prefix = "sha256:";

    /// <exception cref="NaruException">InvalidArgument: not sha256: and 64 lower-case hex digits.</exception>
    public static string Check(string digest)
    {
        if (digest.Length == Prefix.Length + 64 && digest.StartsWith(Prefix, StringComparison.Ordinal)
            && digest.AsSpan(Prefix.Length).IndexOfAnyExcept("0123456789abcdef") < 0)
            return digest;
        throw NaruException.Invalid($"\"{digest}\": invalid checksum digest format: invalid argument");
    }

    public static string Of(ReadOnlySpan<byte> bytes) => Prefix + Convert.ToHexStringLower(SHA256.HashData(bytes));

    public static string Of(IncrementalHash hash) => Prefix + Convert.ToHexStringLower(hash.GetCurrentHash());
}
