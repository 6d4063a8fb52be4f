namespace Naru.Hub.Metadata;

/// <summary>Keys and switches that all processes share, as text by name.</summary>
public static class Settings
{
    public static async ValueTask<string?> Get(ISession session, string name) =>
        await session.First("SELECT value FROM setting WHERE name = $1", row => row.Text(0), name);

    public static async ValueTask Set(ISession session, string name, string value) =>
        await session.Execute("INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", name, value);
}
