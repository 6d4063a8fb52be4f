using System.Security.Cryptography;
using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Webhooks;

/// <summary>The web hooks of repositories, for those who administer them: whoever calls has asked <see cref="Access"/> for the repository.</summary>
public sealed class Webhooks
{
    private const int MostOfRepository = 20;
    private const int LongestSecret = 200;

    private readonly IDatabase database;
    private readonly WebhookWorker worker;
    private readonly bool privateAllowed;

    /// <param name="privateAllowed">Whether they may be of this machine or of private networks.</param>
    public Webhooks(IDatabase database, WebhookWorker worker, RepositoryEvents events, bool privateAllowed)
    {
        this.database = database;
        this.worker = worker;
        this.privateAllowed = privateAllowed;
        events.Record(Record);
        events.Listen(_ => worker.Wake());
    }

    public ValueTask<List<Webhook>> List(Repository repository, CancellationToken cancel) => database.Read(session => session.Query("""
        SELECT w.id, w.url, w.events, w.active, w.created, d.status, d.failure FROM webhook w
        LEFT JOIN delivery d ON d.id = (SELECT MAX(l.id) FROM delivery l WHERE l.webhook = w.id AND l.attempts > 0) WHERE w.repository = $1 ORDER BY w.id
        """, row => new Webhook(row.Number(0), row.Text(1), row.Text(2), row.Truth(3), row.Time(4), row.NumberOrNull(5), row.TextOrNull(6)), repository.Id), cancel);

    /// <summary>Adds one; its secret, by which its receiver knows the sender.</summary>
    /// <param name="secret">Empty for one that is made up.</param>
    /// <exception cref="NaruException">InvalidArgument; Conflict: there are too many.</exception>
    public async ValueTask<string> Add(Caller caller, Repository repository, string url, string secret, bool pushes, bool deletes, CancellationToken cancel)
    {
        var address = WebhookUrl.Check(url.Trim(), privateAllowed);
        if (secret.Length > LongestSecret)
            throw new RefusedException(Refusal.TextLong, ErrorKind.InvalidArgument, $"a web hook's secret has at most {LongestSecret} characters", $"{LongestSecret}");
        if (!pushes && !deletes)
            throw new RefusedException(Refusal.HookEvents, ErrorKind.InvalidArgument, "a web hook must be told of pushes, of deletes, or of both");
        if (secret.Length == 0)
            secret = RandomNumberGenerator.GetHexString(40, lowercase: true);
        await database.Write(async session =>
        {
            await session.Lock($"webhooks of {repository.Id}");
            if (await session.Number("SELECT COUNT(*) FROM webhook WHERE repository = $1", repository.Id) >= MostOfRepository)
                throw new RefusedException(Refusal.HooksMany, ErrorKind.Conflict, $"a repository has at most {MostOfRepository} web hooks", $"{MostOfRepository}");
            await session.Execute("INSERT INTO webhook (repository, url, secret, events, active, created) VALUES ($1, $2, $3, $4, 1, $5)",
                repository.Id, address.AbsoluteUri, secret, pushes && deletes ? "push,delete" : pushes ? "push" : "delete", DateTime.UtcNow.Ticks);
            await AuditTrail.Add(session, caller, AuditAction.WebhookAdded, repository.Name, address.GetLeftPart(UriPartial.Authority));
            return 0;
        }, cancel);
        return secret;
    }

    /// <exception cref="NaruException">NotFound.</exception>
    public async ValueTask Remove(Caller caller, Repository repository, long id, CancellationToken cancel) => await database.Write(async session =>
    {
        if (await session.Execute("DELETE FROM webhook WHERE id = $1 AND repository = $2", id, repository.Id) == 0)
            throw Unknown();
        await AuditTrail.Add(session, caller, AuditAction.WebhookRemoved, repository.Name, "");
        return 0;
    }, cancel);

    /// <summary>Switches one off, or on again; what is still to be delivered waits.</summary>
    /// <exception cref="NaruException">NotFound.</exception>
    public async ValueTask SetActive(Repository repository, long id, bool active, CancellationToken cancel)
    {
        if (await database.Write(session => session.Execute("UPDATE webhook SET active = $3 WHERE id = $1 AND repository = $2", id, repository.Id, active ? 1L : 0L), cancel) == 0)
            throw Unknown();
        worker.Wake();
    }

    /// <summary>The latest deliveries of one, newest first.</summary>
    public ValueTask<List<WebhookDelivery>> Deliveries(Repository repository, long id, int most, CancellationToken cancel) => database.Read(session => session.Query("""
        SELECT d.id, d.event, d.created, d.attempts, d.next, d.status, d.failure FROM delivery d JOIN webhook w ON w.id = d.webhook
        WHERE d.webhook = $1 AND w.repository = $2 ORDER BY d.id DESC LIMIT $3
        """, row => new WebhookDelivery(row.Number(0), row.Text(1), row.Time(2), row.Number(3), row.TimeOrNull(4), row.NumberOrNull(5), row.TextOrNull(6)),
        id, repository.Id, (long)most), cancel);

    /// <summary>Delivers the same once more, however it ended.</summary>
    /// <exception cref="NaruException">NotFound.</exception>
    public async ValueTask Redeliver(Repository repository, long delivery, CancellationToken cancel)
    {
        var now = DateTime.UtcNow.Ticks;
        if (await database.Write(session => session.Execute("""
            INSERT INTO delivery (webhook, event, body, created, next) SELECT d.webhook, d.event, d.body, $3, $3 FROM delivery d JOIN webhook w ON w.id = d.webhook
            WHERE d.id = $1 AND w.repository = $2
            """, delivery, repository.Id, now), cancel) == 0)
            throw new RefusedException(Refusal.NoHook, ErrorKind.NotFound, "there is no such delivery");
        worker.Wake();
    }

    /// <summary>Writes what is to be delivered, in the transaction of the change: both are there, or neither.</summary>
    private static async ValueTask Record(ISession session, RepositoryEvent change)
    {
        var word = WebhookBody.Word(change.Kind);
        var hooks = await session.Query("SELECT id, events FROM webhook WHERE repository = $1 AND active = 1", row => new Target(row.Number(0), row.Text(1)), change.Repository.Id);
        string? body = null;
        foreach (var hook in hooks)
        {
            if (!hook.Events.Split(',').Contains(word))
                continue;
            body ??= WebhookBody.Write(change, await session.Number("SELECT LENGTH(content) FROM manifest WHERE digest = $1", change.Digest.ToString()) ?? 0);
            await session.Execute("INSERT INTO delivery (webhook, event, body, created, next) VALUES ($1, $2, $3, $4, $4)", hook.Id, word, body, change.At.Ticks);
        }
    }

    private static NaruException Unknown() => new RefusedException(Refusal.NoHook, ErrorKind.NotFound, "there is no such web hook");

    private sealed record Target(long Id, string Events);
}
