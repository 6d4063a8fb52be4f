using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts;

/// <summary>One thing that happened.</summary>
/// <param name="Account">Who did it, by name; empty for nobody in particular. It stays when the account is gone.</param>
/// <param name="Action">One of <see cref="AuditAction"/>.</param>
/// <param name="Target">What it was done to: a repository, an account.</param>
public sealed record AuditEntry(long Id, DateTime At, string Account, string Address, string Action, string Target, string Detail)
{
    internal const string Columns = "id, at, account, address, action, target, detail";

    internal static AuditEntry Map(IRow row) => new(row.Number(0), row.Time(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6));
}
