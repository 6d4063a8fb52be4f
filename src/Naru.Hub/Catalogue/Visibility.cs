using Naru.Hub.Accounts;

namespace Naru.Hub.Catalogue;

/// <summary>Which repositories somebody finds in lists: what everybody may pull, and what they were given; administrators all.</summary>
/// <remarks>Conditions of SQL. The account's number is written into them, being a number, so that they fit anywhere. Who may do what is for <see cref="Access"/> to decide; this only lists.</remarks>
internal static class Visibility
{
    /// <summary>A condition on <c>repository r</c> for rows that something else chose: the sign keeps the database from choosing them by an index of it, which nine of ten are in.</summary>
    public static string Of(Caller caller) => caller switch
    {
        { Admin: true } => "1 = 1",
        { Account: { } account } => $"(+r.private = 0 OR r.id IN ({Given(account)}))",
        _ => "+r.private = 0",
    };

    /// <summary>A condition on <c>repository r</c> that holds for private ones only; null where none can be seen.</summary>
    public static string? OfPrivate(Caller caller) => caller switch
    {
        { Admin: true } => "r.private = 1",
        { Account: { } account } => $"r.private = 1 AND r.id IN ({Given(account)})",
        _ => null,
    };

    /// <summary>The numbers of the repositories that an account has rights on by itself, its organisations and its teams, each along an index.</summary>
    public static string Given(long account) => $"""
        SELECT own.id FROM repository own WHERE own.account = {account}
        UNION SELECT o.id FROM member m JOIN repository o ON o.account = m.organisation WHERE m.account = {account} AND m.role = 'owner'
        UNION SELECT c.repository FROM collaborator c WHERE c.account = {account}
        UNION SELECT g.repository FROM team_member t JOIN team_grant g ON g.team = t.team WHERE t.account = {account}
        """;
}
