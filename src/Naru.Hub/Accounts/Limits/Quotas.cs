using System.Globalization;
using Naru.Base.Units;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts.Limits;

/// <summary>How much an account may hold and have under way.</summary>
/// <param name="bytes">Distinct blobs of an account's repositories, where the account has no quota of its own; 0 is any amount.</param>
/// <param name="uploads">Uploads that one account, or all who did not sign in together, may have open.</param>
public sealed class Quotas(IDatabase database, long bytes, int uploads)
{
    private const string Held = """
        SELECT CAST(COALESCE(SUM(b.size), 0) AS BIGINT) FROM blob b
        WHERE b.digest IN (SELECT h.digest FROM held h JOIN repository r ON r.id = h.repository WHERE r.account = $1)
        """;

    /// <summary>Before an upload begins.</summary>
    /// <exception cref="RegistryException">TOOMANYREQUESTS: too many are open; DENIED: the quota is used up.</exception>
    public async ValueTask CheckBegin(Repository repository, Caller caller, CancellationToken cancel) => await database.Read(async session =>
    {
        var open = caller.Account is { } account
            ? await session.Number("SELECT COUNT(*) FROM (SELECT 1 AS one FROM upload WHERE account = $1 LIMIT $2) o", account, (long)uploads)
            : await session.Number("SELECT COUNT(*) FROM (SELECT 1 AS one FROM upload WHERE account IS NULL LIMIT $1) o", (long)uploads);
        if (open >= uploads)
        {
            throw new RegistryException(RegistryErrorCode.TooManyRequests, string.Create(CultureInfo.InvariantCulture, $"too many open uploads: {uploads} are the most; finish or cancel some"))
            {
                RetryAfter = TimeSpan.FromMinutes(1),
            };
        }

        await Require(session, repository, null, 0);
        return repository;
    }, cancel);

    /// <summary>Before a blob becomes the repository's: inside the transaction that makes it so.</summary>
    /// <param name="digest">What is added; nothing where the account holds it already. Null asks whether there is room at all.</param>
    /// <exception cref="RegistryException">DENIED.</exception>
    public async ValueTask Require(ISession session, Repository repository, string? digest, long size)
    {
        if (repository.Account is not { } account || await LimitOf(session, account) is not { } limit)
            return;
        var used = await session.Number(Held, account) ?? 0;
        if (digest is null ? used < limit : used + size <= limit || await Holds(session, account, digest))
            return;
        throw new RegistryException(
            RegistryErrorCode.Denied, $"quota exceeded: the account holds {ByteSize.Human(used)} of {ByteSize.Human(limit)}{(digest is null ? "" : $", the blob has {ByteSize.Human(size)}")}", repository.Name);
    }

    /// <summary>How many bytes of distinct blobs the account's repositories hold.</summary>
    public async ValueTask<QuotaState> State(long account, CancellationToken cancel) =>
        await database.Read(async session => new QuotaState(await session.Number(Held, account) ?? 0, await LimitOf(session, account)), cancel);

    private static async ValueTask<bool> Holds(ISession session, long account, string digest) =>
        await session.Number("SELECT 1 FROM held h JOIN repository r ON r.id = h.repository WHERE h.digest = $2 AND r.account = $1 LIMIT 1", account, digest) is not null;

    private async ValueTask<long?> LimitOf(ISession session, long account) =>
        await session.Number("SELECT quota FROM account WHERE id = $1", account) ?? (bytes > 0 ? bytes : null);
}
