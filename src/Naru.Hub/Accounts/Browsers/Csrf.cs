using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Naru.Hub.Accounts.Browsers;

/// <summary>What a form carries to show that it came from this site: an HMAC under the cookie's secret, which another site cannot read.</summary>
/// <remarks>Bound to one login, or to the random cookie of somebody who is about to sign in; kept nowhere.</remarks>
public static class Csrf
{
    private static readonly byte[] Purpose = "naru-hub form"u8.ToArray();

    public static string Token(string cookie) => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(cookie), Purpose));

    public static bool IsValid(string? cookie, string? token) =>
        !string.IsNullOrEmpty(cookie) && token is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Token(cookie)), Encoding.UTF8.GetBytes(token));

    /// <summary>A cookie for somebody who is not signed in and gets a form.</summary>
    public static string NewCookie() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
