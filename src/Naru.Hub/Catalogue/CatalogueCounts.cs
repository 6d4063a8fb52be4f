namespace Naru.Hub.Catalogue;

/// <summary>How much there is of everything.</summary>
/// <param name="Size">Bytes of all blobs.</param>
public sealed record CatalogueCounts(long Accounts, long Repositories, long Tags, long Blobs, long Size);
