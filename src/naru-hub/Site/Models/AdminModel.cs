namespace Naru.HubServer.Site.Models;

/// <summary>What there is, for those who run the registry.</summary>
internal sealed record AdminModel
{
    public long Accounts { get; init; }

    public long Repositories { get; init; }

    public long Tags { get; init; }

    public long Blobs { get; init; }

    /// <summary>Bytes of all blobs.</summary>
    public long Size { get; init; }

    public IReadOnlyList<UsageRow> Largest { get; init; } = [];

    /// <summary>Null where this program collects nothing.</summary>
    public CollectionModel? Collection { get; init; }
}
