using Naru.Hub.Metadata;

namespace Naru.Hub.Catalogue;

/// <summary>A repository in a list.</summary>
/// <param name="Mirror">Copied from another registry as it is asked for.</param>
public sealed record RepositoryEntry(long Id, string Name, bool Private, bool Mirror, string Description, long Pulls, DateTime? Pushed)
{
    internal const string Columns = "r.id, r.name, r.private, r.mirror, r.description, r.pulls, r.pushed";

    internal static RepositoryEntry Map(IRow row) => new(row.Number(0), row.Text(1), row.Truth(2), row.Truth(3), row.Text(4), row.Number(5), row.TimeOrNull(6));
}
