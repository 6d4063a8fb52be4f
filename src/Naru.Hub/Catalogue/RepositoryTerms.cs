using Naru.Hub.Metadata;

namespace Naru.Hub.Catalogue;

/// <summary>Keeps the words by which repositories are found.</summary>
public static class RepositoryTerms
{
    /// <summary>Writes a repository's words anew; in the transaction that made it, or that changed its name or description.</summary>
    public static async ValueTask Write(ISession session, long repository, string name, string description)
    {
        await session.Execute("DELETE FROM term WHERE repository = $1", repository);
        foreach (var word in SearchWords.Of(name, description))
            await session.Execute("INSERT INTO term (term, repository) VALUES ($1, $2) ON CONFLICT (term, repository) DO NOTHING", word, repository);
    }
}
