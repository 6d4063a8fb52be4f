using System.Globalization;
using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts;

/// <summary>Accounts as they are now, or were a few seconds ago in another process' eyes: what keeps credentials that were checked before from outliving their account.</summary>
internal sealed class AccountStates(IDatabase database, Freshness freshness, TimeProvider clock)
{
    private readonly Memory<AccountState> seen = new(freshness, clock, Access.Stale, 10_000);

    public ValueTask<AccountState?> Get(long id, CancellationToken cancel) => seen.Get(
        id.ToString(CultureInfo.InvariantCulture),
        () => database.Read(session => session.First($"SELECT {AccountState.Columns} FROM account a WHERE a.id = $1", row => AccountState.Map(row, 0), id), cancel));
}
