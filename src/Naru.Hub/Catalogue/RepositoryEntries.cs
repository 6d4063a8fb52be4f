namespace Naru.Hub.Catalogue;

/// <summary>A page of a list.</summary>
/// <param name="More">There are others behind these.</param>
public sealed record RepositoryEntries(IReadOnlyList<RepositoryEntry> Entries, bool More)
{
    public static RepositoryEntries None { get; } = new([], false);

    /// <summary>The page that <paramref name="rows"/> are, when one more was asked for than it holds.</summary>
    internal static RepositoryEntries Of(List<RepositoryEntry> rows, int count) =>
        rows.Count > count ? new RepositoryEntries(rows.GetRange(0, count), true) : new RepositoryEntries(rows, false);
}
