using System.Globalization;
using Naru.Base;
using Naru.Hub.Metadata;
using Naru.Hub.Storage;

namespace Naru.Hub.Gc;

/// <summary>The right to collect, which one process has at a time: the setting <c>gc.lease</c>, the ticks when it ends and who holds it.</summary>
/// <remarks>It saves work, no more: two collections at once would take nothing that one would not.</remarks>
internal sealed class GarbageLease(IDatabase database)
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(2);

    private const string Name = "gc.lease";
    private readonly string owner = ObjectKey.New();
    private string? held;

    /// <exception cref="NaruException">Conflict: another process collects.</exception>
    public async ValueTask Take(CancellationToken cancel)
    {
        var now = DateTime.UtcNow;
        var value = Value(now + Life);
        // Numbers of one width sort as text.
        if (await database.Write(session => session.Execute(
            "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE setting.value < $3", Name, value, Ticks(now)), cancel) == 0)
            throw NaruException.Conflict("garbage is being collected already");
        held = value;
    }

    /// <summary>Keeps it; to be called far more often than <see cref="Life"/>.</summary>
    /// <exception cref="NaruException">Conflict: it was lost.</exception>
    public async ValueTask Keep(CancellationToken cancel)
    {
        var value = Value(DateTime.UtcNow + Life);
        if (await database.Write(session => session.Execute("UPDATE setting SET value = $2 WHERE name = $1 AND value = $3", Name, value, held), cancel) == 0)
            throw NaruException.Conflict("another process began to collect garbage: this one was too slow");
        held = value;
    }

    public async ValueTask Release() =>
        await database.Write(session => session.Execute("DELETE FROM setting WHERE name = $1 AND value = $2", Name, held), CancellationToken.None);

    private static string Ticks(DateTime time) => time.Ticks.ToString("D20", CultureInfo.InvariantCulture);

    private string Value(DateTime end) => $"{Ticks(end)} {owner}";
}
