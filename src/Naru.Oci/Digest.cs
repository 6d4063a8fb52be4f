using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Naru.Base;

namespace Naru.Oci;

/// <summary>A content digest, <c>algorithm:hex</c>; sha256 and sha512 are known. Its text is lower case and compared byte for byte.</summary>
/// <remarks>OCI image-spec, descriptor.md, "Digests". Error texts are go-digest's, which Docker passes on.</remarks>
[JsonConverter(typeof(DigestJsonConverter))]
public readonly struct Digest : IEquatable<Digest>
{
    private readonly string? value;

    private Digest(string value) => this.value = value;

    /// <summary>True for the default value, which no parsed digest has.</summary>
    public bool IsEmpty => value is null;

    /// <summary><c>sha256</c> or <c>sha512</c>.</summary>
    public string Algorithm => value is null ? "" : value[..value.IndexOf(':')];

    /// <summary>The hash alone, in lower-case hex.</summary>
    public string Hex => value is null ? "" : value[(value.IndexOf(':') + 1)..];

    public HashAlgorithmName HashName => Algorithm == "sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;

    /// <exception cref="NaruException">InvalidArgument: malformed, unknown algorithm or wrong length.</exception>
    public static Digest Parse(string text) =>
        Check(text) is { } error ? throw NaruException.Invalid(error) : new Digest(text);

    public static bool TryParse([NotNullWhen(true)] string? text, out Digest digest)
    {
        var good = text is not null && Check(text) is null;
        digest = good ? new Digest(text!) : default;
        return good;
    }

    /// <summary>The sha256 digest of <paramref name="content"/>.</summary>
    public static Digest Of(ReadOnlySpan<byte> content) => FromHash(SHA256.HashData(content));

    /// <summary>The digest of <paramref name="content"/> by this digest's algorithm: equal to this one, if this is the content's.</summary>
    public Digest Again(ReadOnlySpan<byte> content) => FromHash(CryptographicOperations.HashData(HashName, content));

    /// <summary>A digest from a finished hash: 32 bytes are sha256, 64 are sha512.</summary>
    public static Digest FromHash(ReadOnlySpan<byte> hash) => hash.Length switch
    {
        32 => new Digest("sha256:" + Convert.ToHexStringLower(hash)),
        64 => new Digest("sha512:" + Convert.ToHexStringLower(hash)),
        _ => throw NaruException.Invalid("invalid checksum digest length"),
    };

    public bool Equals(Digest other) => value == other.value;

    public override bool Equals(object? obj) => obj is Digest other && Equals(other);

    public override int GetHashCode() => value?.GetHashCode() ?? 0;

    public override string ToString() => value ?? "";

    public static bool operator ==(Digest left, Digest right) => left.Equals(right);

    public static bool operator !=(Digest left, Digest right) => !left.Equals(right);

    private static string? Check(string text)
    {
        var colon = text.IndexOf(':');
        if (colon <= 0 || colon + 1 == text.Length)
            return "invalid checksum digest format";
        var hex = text.AsSpan(colon + 1);
        if (hex.ContainsAnyExcept("0123456789abcdef") || text.AsSpan(0, colon).ContainsAnyExcept("abcdefghijklmnopqrstuvwxyz0123456789+._-"))
            return "invalid checksum digest format";
        var length = text[..colon] switch { "sha256" => 64, "sha512" => 128, _ => 0 };
        return length == 0 ? "unsupported digest algorithm" : hex.Length != length ? "invalid checksum digest length" : null;
    }
}
