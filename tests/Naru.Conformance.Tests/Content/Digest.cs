using System.Security.Cryptography;

namespace Naru.Conformance.Tests.Content;

/// <summary>Digests as they are written.</summary>
internal static class Digest
{
    public static string Of(ReadOnlySpan<byte> bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    public static string Sha512Of(ReadOnlySpan<byte> bytes) => $"sha512:{Convert.ToHexStringLower(SHA512.HashData(bytes))}";

    /// <summary>The digest of bytes that nobody has.</summary>
    public static string Unknown() => Of(Guid.NewGuid().ToByteArray());
}
