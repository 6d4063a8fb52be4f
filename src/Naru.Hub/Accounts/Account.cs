using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts;

/// <summary>A user, or an organisation.</summary>
/// <param name="Organisation">Nobody signs in as it; its owners act for it.</param>
/// <param name="PrivateByDefault">What a first push makes.</param>
/// <param name="Quota">Bytes of distinct blobs that its repositories may hold; null for the registry's default.</param>
/// <param name="Description">One line of itself, for its page.</param>
public sealed record Account(
    long Id,
    string Name,
    bool Organisation,
    string FullName,
    string Email,
    bool Admin,
    bool Disabled,
    bool PrivateByDefault,
    long? Quota,
    DateTime Created,
    string Description)
{
    internal const string Columns = "id, name, organisation, full_name, email, admin, disabled, private_default, quota, created, description";

    internal static Account Map(IRow row) =>
        new(row.Number(0), row.Text(1), row.Truth(2), row.Text(3), row.Text(4), row.Truth(5), row.Truth(6), row.Truth(7), row.NumberOrNull(8), row.Time(9), row.Text(10));
}
