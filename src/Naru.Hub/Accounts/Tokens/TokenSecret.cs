using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Naru.Hub.Accounts.Tokens;

/// <summary>Secrets that are random enough to be kept as one plain hash: 32 bytes.</summary>
internal static class TokenSecret
{
    public const string Personal = "naru_pat_";
    public const string Robot = "naru_bot_";
    public const string Refresh = "naru_ref_";

    private const int Bytes = 32;

    /// <summary>A new one; the prefix tells people and scanners of sources what they found.</summary>
    public static string Make(string prefix) => prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>What is kept and looked for: SHA-256 in hex.</summary>
    public static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));

    /// <summary>True for what could be a stored token and no password.</summary>
    public static bool IsToken(string text) => text.StartsWith(Personal, StringComparison.Ordinal) || text.StartsWith(Robot, StringComparison.Ordinal);

    public static string PrefixOf(TokenKind kind) => kind switch
    {
        TokenKind.Personal => Personal,
        TokenKind.Robot => Robot,
        _ => Refresh,
    };
}
