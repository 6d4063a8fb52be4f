using Naru.Hub.Metadata;
using Naru.Hub.Registry;

namespace Naru.Hub.Accounts;

/// <summary>Who may do what to which repository: the one place that decides it.</summary>
/// <param name="open">Names belong to nobody, and everybody may do everything: a registry for one machine or one trusted network.</param>
public sealed class Access(IDatabase database, bool open)
{
    private const string Columns = "SELECT id, name, account, private FROM repository";

    /// <summary>The repository, if <paramref name="caller"/> may do this to it. A first push makes it.</summary>
    /// <exception cref="RegistryException">NAME_INVALID; NAME_UNKNOWN: it is not there, or is nobody's business; UNAUTHORIZED: signing in may help; DENIED.</exception>
    public async ValueTask<Repository> Require(Caller caller, string name, RepositoryAction action, CancellationToken cancel)
    {
        Names.CheckName(name);
        if (!open)
            throw new RegistryException(RegistryErrorCode.Unauthorized, "authentication required", name);
        if (await database.Read(session => session.First($"{Columns} WHERE name = $1", Map, name), cancel) is { } found)
            return found;
        if (action != RepositoryAction.Push)
            throw new RegistryException(RegistryErrorCode.NameUnknown, "repository name not known to registry", name);
        return await database.Write(async session =>
        {
            await session.Execute("INSERT INTO repository (account, name, private, description, readme, created) VALUES (NULL, $1, 0, '', '', $2) ON CONFLICT (name) DO NOTHING", name, DateTime.UtcNow.Ticks);
            return (await session.First($"{Columns} WHERE name = $1", Map, name))!;
        }, cancel);
    }

    private static Repository Map(IRow row) => new(row.Number(0), row.Text(1), row.NumberOrNull(2), row.Truth(3));
}
