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

        if (repository.Account is { } owner && await LimitOf(session, owner) is { } limit && (await session.Number(Held, owner) ?? 0) is var used && used >= limit)
            throw Exceeded(repository, used, limit, null);
        return repository;
    }, cancel);

    /// <summary>Before a blob becomes the repository's: true where the account holds it already, or has room for it. Two that finish at the same moment may both find the last room.</summary>
    public async ValueTask<bool> HasRoom(Repository repository, Blob blob, CancellationToken cancel) => repository.Account is not { } account
        || await database.Read(
            async session => await LimitOf(session, account) is not { } limit || await Holds(session, account, blob.Digest.ToString()) || (await session.Number(Held, account) ?? 0) + blob.Size <= limit,
            cancel);

    /// <summary>What to say where there is no room.</summary>
    public async ValueTask<RegistryException> Exceeded(Repository repository, Blob blob, CancellationToken cancel)
    {
        var state = await State(repository.Account ?? 0, cancel);
        return Exceeded(repository, state.Used, state.Limit ?? 0, blob);
    }

    /// <summary>How many bytes of distinct blobs the account's repositories hold.</summary>
    public async ValueTask<QuotaState> State(long account, CancellationToken cancel) =>
        await database.Read(async session => new QuotaState(await session.Number(Held, account) ?? 0, await LimitOf(session, account)), cancel);

    private static RegistryException Exceeded(Repository repository, long used, long limit, Blob? blob) => new(
        RegistryErrorCode.Denied, $"quota exceeded: the account holds {ByteSize.Human(used)} of {ByteSize.Human(limit)}{(blob is null ? "" : $", the blob has {ByteSize.Human(blob.Size)}")}", repository.Name);

    private static async ValueTask<bool> Holds(ISession session, long account, string digest) =>
        await session.Number("SELECT 1 FROM held h JOIN repository r ON r.id = h.repository WHERE h.digest = $2 AND r.account = $1 LIMIT 1", account, digest) is not null;

    private async ValueTask<long?> LimitOf(ISession session, long account) =>
        await session.Number("SELECT quota FROM account WHERE id = $1", account) ?? (bytes > 0 ? bytes : null);
}
