using Naru.Hub.Metadata;

namespace Naru.Hub.Accounts.Signing;

/// <summary>The keys that sign tokens, kept in the setting <c>token-keys</c>, the newest first, shared by all processes.</summary>
internal sealed class SigningKeys(IDatabase database, TimeProvider clock)
{
    private const string Setting = "token-keys";

    /// <summary>How long another process may go on with keys that were replaced.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(10);

    /// <summary>An old key is kept until the last token that it signed has surely expired.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private volatile Keys? keys;

    /// <summary>The key to sign with; made when there is none, once for all processes.</summary>
    public async ValueTask<SigningKey> Current(CancellationToken cancel) => (await Get(cancel)).All[0];

    public async ValueTask<SigningKey?> Find(string id, CancellationToken cancel)
    {
        foreach (var key in (await Get(cancel)).All)
        {
            if (key.Id == id)
                return key;
        }

        return null;
    }

    /// <summary>Puts a new key before the others.</summary>
    /// <param name="forget">Tokens of the old keys are refused from now on, within seconds everywhere: a key got into wrong hands.</param>
    public async ValueTask Rotate(Caller by, bool forget, CancellationToken cancel)
    {
        Management.RequireAdmin(by);
        keys = await database.Write(async session =>
        {
            await session.Lock(Setting);
            var now = clock.GetUtcNow().UtcDateTime;
            var all = new List<SigningKey> { SigningKey.Make(now) };
            var old = await Stored(session);
            for (var i = 0; i < old.Count && !forget; i++)
            {
                // A key signs until the next one is made.
                var replaced = i == 0 ? now : old[i - 1].Created;
                if (now - replaced < Kept)
                    all.Add(old[i]);
            }

            await Settings.Set(session, Setting, string.Join('\n', all));
            await AuditTrail.Add(session, by, AuditAction.KeysRotated, Setting, forget ? "old keys forgotten" : "");
            return new Keys(all, clock.GetTimestamp());
        }, cancel);
    }

    private static async ValueTask<List<SigningKey>> Stored(ISession session)
    {
        var found = new List<SigningKey>();
        foreach (var line in (await Settings.Get(session, Setting) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            found.Add(SigningKey.Parse(line));
        return found;
    }

    private async ValueTask<Keys> Get(CancellationToken cancel)
    {
        if (keys is { } held && clock.GetElapsedTime(held.At) < Believed)
            return held;
        var all = await database.Read(Stored, cancel);
        if (all.Count == 0)
            all = await database.Write(MakeFirst, cancel);
        return keys = new Keys(all, clock.GetTimestamp());
    }

    private async ValueTask<List<SigningKey>> MakeFirst(ISession session)
    {
        await session.Lock(Setting);
        if (await Stored(session) is { Count: > 0 } other)
            return other;
        var key = SigningKey.Make(clock.GetUtcNow().UtcDateTime);
        await Settings.Set(session, Setting, key.ToString());
        return [key];
    }

    private sealed record Keys(List<SigningKey> All, long At);
}
