namespace Naru.Hub.Catalogue;

/// <summary>What a repository's page shows beside its tags.</summary>
/// <param name="Readme">Markdown.</param>
/// <param name="Tags">How many there are.</param>
/// <param name="Size">Bytes of its blobs, each counted once.</param>
public sealed record RepositoryDetails(RepositoryEntry Entry, string Readme, long Tags, long Size);
