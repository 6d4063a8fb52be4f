using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts;

/// <summary>What a credential of an account is held against at each use.</summary>
/// <param name="Version">Counts what ends the account's credentials: another password, being disabled.</param>
internal sealed record AccountState(long Id, string Name, bool Admin, bool Disabled, long Version)
{
    public const string Columns = "a.id, a.name, a.admin, a.disabled, a.version";

    /// <param name="at">The column that these begin at.</param>
    public static AccountState Map(IRow row, int at) => new(row.Number(at), row.Text(at + 1), row.Truth(at + 2), row.Truth(at + 3), row.Number(at + 4));
}
