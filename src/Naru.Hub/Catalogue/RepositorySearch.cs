using Naru.Hub.Accounts;
using Naru.Hub.Metadata;

namespace Naru.Hub.Catalogue;

/// <summary>Finds repositories by words of their names and descriptions.</summary>
/// <remarks>
/// All words of a query must be there, each at least as the beginning of one. First comes the repository of that very name, then those whose last part is, or begins
/// with, the query, then those with it elsewhere in the name, then those that only their description finds; alike ones by how often they are pulled.
/// Words that many repositories have are not looked up first: the most pulled repositories are gone through until enough have them, which are soon found.
/// </remarks>
public sealed class RepositorySearch(IDatabase database)
{
    /// <summary>So many repositories are put in order; where every word has more, they are gone through by pulls.</summary>
    private const int Few = 5000;

    private const int MostOffset = 1000;

    /// <param name="offset">How many to leave out, for the pages before.</param>
    public async ValueTask<RepositoryEntries> Find(Caller caller, string query, int offset, int count, CancellationToken cancel)
    {
        var words = SearchWords.OfQuery(query);
        if (words.Count == 0 || offset is < 0 or > MostOffset)
            return RepositoryEntries.None;
        return await database.Read(async session =>
        {
            var rarest = 0;
            var least = long.MaxValue;
            for (var i = 0; i < words.Count; i++)
            {
                var many = await session.Number($"SELECT COUNT(*) FROM (SELECT 1 FROM term WHERE term >= $1 AND term < $2 LIMIT {Few + 1}) t", words[i], SearchWords.End(words[i])) ?? 0;
                if (many < least)
                    (rarest, least) = (i, many);
            }

            return least switch
            {
                0 => RepositoryEntries.None,
                <= Few => await ByWord(session, caller, words, rarest, Name(query), offset, count),
                _ => await ByPulls(session, caller, words, Name(query), offset, count),
            };
        }, cancel);
    }

    /// <summary>What the query would be as a name.</summary>
    private static string Name(string query) => query.Trim().Trim('/').ToLowerInvariant();

    private static async ValueTask<RepositoryEntries> ByWord(ISession session, Caller caller, List<string> words, int rarest, string name, int offset, int count)
    {
        // $1 to $4: the query as a name, and as patterns of one.
        var escaped = name.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        List<object?> parameters = [name, $"%/{escaped}", $"{escaped}%", $"%{escaped}%"];
        var where = $"r.id IN (SELECT t.repository FROM term t WHERE {Range(parameters, words[rarest])})";
        for (var i = 0; i < words.Count; i++)
        {
            if (i != rarest)
                where += $" AND EXISTS (SELECT 1 FROM term t WHERE t.repository = r.id AND {Range(parameters, words[i])})";
        }

        var rows = await session.Query(
            $"""
            SELECT {RepositoryEntry.Columns} FROM repository r WHERE {where} AND {Visibility.Of(caller)}
            ORDER BY CASE WHEN r.name = $1 THEN 0 WHEN r.name LIKE $2 ESCAPE '\' THEN 1 WHEN r.name LIKE $3 ESCAPE '\' OR r.name LIKE '%/' || $3 ESCAPE '\' THEN 2
                WHEN r.name LIKE $4 ESCAPE '\' THEN 3 ELSE 4 END, r.pulls DESC, r.name
            LIMIT {count + 1} OFFSET {offset}
            """,
            RepositoryEntry.Map, [.. parameters]);
        return RepositoryEntries.Of(rows, count);
    }

    private static async ValueTask<RepositoryEntries> ByPulls(ISession session, Caller caller, List<string> words, string name, int offset, int count)
    {
        List<object?> parameters = [];
        var having = "";
        foreach (var word in words)
            having += $" AND EXISTS (SELECT 1 FROM term t WHERE t.repository = r.id AND {Range(parameters, word)})";
        var most = offset + count + 1;
        var found = await Part("r.private = 0");
        if (Visibility.OfPrivate(caller) is { } hidden)
        {
            found.AddRange(await Part(hidden));
            found.Sort((one, other) => other.Pulls.CompareTo(one.Pulls));
        }

        var exact = await session.First($"SELECT {RepositoryEntry.Columns} FROM repository r WHERE r.name = $1 AND {Visibility.Of(caller)}", RepositoryEntry.Map, name);
        if (exact is not null)
        {
            found.RemoveAll(entry => entry.Id == exact.Id);
            found.Insert(0, exact);
        }

        return RepositoryEntries.Of(found.GetRange(Math.Min(offset, found.Count), Math.Max(0, Math.Min(count + 1, found.Count - offset))), count);

        ValueTask<List<RepositoryEntry>> Part(string which) => session.Query(
            $"SELECT {RepositoryEntry.Columns} FROM repository r WHERE {which}{having} ORDER BY r.pulls DESC LIMIT {most}", RepositoryEntry.Map, [.. parameters]);
    }

    private static string Range(List<object?> parameters, string word)
    {
        parameters.Add(word);
        parameters.Add(SearchWords.End(word));
        return $"t.term >= ${parameters.Count - 1} AND t.term < ${parameters.Count}";
    }
}
