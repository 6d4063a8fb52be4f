using System.Globalization;
using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts;

/// <summary>Accounts as they are now, or were a few seconds ago in another process' eyes: what keeps credentials that were checked before from outliving their account.</summary>
internal sealed class AccountStates(IDatabase database, Freshness freshness, TimeProvider clock)
{
    private readonly Memory<AccountState> seen = new(freshness, clock, Access.Stale, 10_000);

    public async ValueTask<AccountState?> Get(long id, CancellationToken cancel)
    {
        var key = id.ToString(CultureInfo.InvariantCulture);
        if (seen.Recall(key) is { } remembered)
            return remembered;
        var before = freshness.Now;
        var state = await database.Read(session => session.First($"SELECT {AccountState.Columns} FROM account a WHERE a.id = $1", row => AccountState.Map(row, 0), id), cancel);
        if (state is not null)
            seen.Keep(key, state, before);
        return state;
    }
}
