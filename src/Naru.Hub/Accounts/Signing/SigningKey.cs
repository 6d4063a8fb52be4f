using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;

namespace Naru.Hub.Accounts.Signing;

/// <summary>A P-256 key that signs tokens, and since when.</summary>
/// <remarks>As it is kept: one line of <c>CREATED PKCS8</c>, ticks and base64.</remarks>
internal sealed class SigningKey
{
    private readonly ECDsa key;
    private readonly Lock working = new();

    private SigningKey(ECDsa key, DateTime created)
    {
        (this.key, Created) = (key, created);
        Id = Base64Url.EncodeToString(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 15));
    }

    /// <summary>Of the public key's hash, so that every process calls it the same.</summary>
    public string Id { get; }

    public DateTime Created { get; }

    public static SigningKey Make(DateTime created) => new(ECDsa.Create(ECCurve.NamedCurves.nistP256), created);

    public static SigningKey Parse(string line)
    {
        var space = line.IndexOf(' ');
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(line[(space + 1)..]), out _);
        return new SigningKey(key, new DateTime(long.Parse(line.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture), DateTimeKind.Utc));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Created.Ticks} {Convert.ToBase64String(key.ExportPkcs8PrivateKey())}");

    /// <summary>r and s in 64 bytes, as RFC 7518 section 3.4 has it.</summary>
    public byte[] Sign(byte[] data)
    {
        lock (working)
            return key.SignData(data, HashAlgorithmName.SHA256);
    }

    public bool Verify(byte[] data, byte[] signature)
    {
        lock (working)
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256);
    }
}
