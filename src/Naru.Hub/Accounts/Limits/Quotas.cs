using System.Globalization;
using Naru.Base.Units;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;
using Naru.Oci;

namespace Naru.Hub.Accounts.Limits;

/// <summary>How much an account may hold and have under way.</summary>
/// <remarks>
/// Looked at in the transaction that takes the room, by one such transaction of an account at a time: what is found free is free until it is taken, however
/// many processes push. Where there is no quota nobody waits.
/// </remarks>
/// <param name="bytes">Distinct blobs of an account's repositories, where the account has no quota of its own; 0 is any amount.</param>
/// <param name="uploads">Uploads that one account, or all who did not sign in together, may have open.</param>
public sealed class Quotas(IDatabase database, long bytes, int uploads)
{
    private const string Held = """
        SELECT CAST(COALESCE(SUM(b.size), 0) AS BIGINT) FROM blob b
        WHERE b.digest IN (SELECT h.digest FROM held h JOIN repository r ON r.id = h.repository WHERE r.account = $1)
        """;

    /// <summary>What an account may hold that has no quota of its own; null is any amount.</summary>
    public long? Default => bytes > 0 ? bytes : null;

    /// <summary>How many bytes of distinct blobs the account's repositories hold.</summary>
    public async ValueTask<QuotaState> State(long account, CancellationToken cancel) =>
        await database.Read(async session => new QuotaState(await session.Number(Held, account) ?? 0, await LimitOf(session, account)), cancel);

    /// <summary>In the transaction that begins an upload, before its row is added.</summary>
    /// <exception cref="RegistryException">TOOMANYREQUESTS: too many are open; DENIED: the quota is used up.</exception>
    internal async ValueTask RequireUpload(ISession session, Repository repository, Caller caller)
    {
        await session.Lock($"uploads of {caller.Account}");
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

        if (repository.Account is { } owner && await LimitOf(session, owner) is { } limit && (await session.Number(Held, owner) ?? 0) is var used && used >= limit)
            throw Exceeded(repository, used, limit, "");
    }

    /// <summary>In the transaction that lets the repository hold a blob, before anything else in it. What the account holds already takes no room.</summary>
    /// <param name="size">The blob's bytes.</param>
    /// <exception cref="RegistryException">DENIED, with quota and usage.</exception>
    internal async ValueTask Require(ISession session, Repository repository, Digest digest, long size)
    {
        if (repository.Account is not { } account || await LimitOf(session, account) is not { } limit)
            return;
        await session.Lock($"quota of {account}");
        if (await session.Number("SELECT 1 FROM held h JOIN repository r ON r.id = h.repository WHERE h.digest = $2 AND r.account = $1 LIMIT 1", account, digest.ToString()) is not null)
            return;
        var used = await session.Number(Held, account) ?? 0;
        if (used + size > limit)
            throw Exceeded(repository, used, limit, $", the blob has {ByteSize.Human(size)}");
    }

    private static RegistryException Exceeded(Repository repository, long used, long limit, string more) =>
        new(RegistryErrorCode.Denied, $"quota exceeded: the account holds {ByteSize.Human(used)} of {ByteSize.Human(limit)}{more}", repository.Name);

    private async ValueTask<long?> LimitOf(ISession session, long account) =>
        await session.Number("SELECT quota FROM account WHERE id = $1", account) ?? Default;
}
