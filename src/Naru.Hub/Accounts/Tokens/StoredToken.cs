using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts.Tokens;

/// <summary>A token as it is kept: all but the secret.</summary>
/// <param name="Name">What its maker calls it; a robot's is part of the name that it signs in as.</param>
/// <param name="Scopes">Null for a refresh token, which is as good as the password.</param>
/// <param name="Used">When it last signed somebody in, to the minute.</param>
public sealed record StoredToken(long Id, long Account, TokenKind Kind, string Name, TokenScopes? Scopes, DateTime Created, DateTime? Expires, DateTime? Used)
{
    internal const string Columns = "t.id, t.account, t.kind, t.name, t.scopes, t.created, t.expires, t.used";

    internal static StoredToken Map(IRow row)
    {
        var scopes = row.Text(4);
        return new StoredToken(
            row.Number(0), row.Number(1), KindOf(row.Text(2)), row.Text(3), scopes.Length == 0 ? null : TokenScopes.Parse(scopes), row.Time(5), row.TimeOrNull(6), row.TimeOrNull(7));
    }

    internal static string Word(TokenKind kind) => kind switch
    {
        TokenKind.Personal => "personal",
        TokenKind.Robot => "robot",
        _ => "refresh",
    };

    private static TokenKind KindOf(string word) => word switch
    {
        "personal" => TokenKind.Personal,
        "robot" => TokenKind.Robot,
        _ => TokenKind.Refresh,
    };
}
