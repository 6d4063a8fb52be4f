namespace Naru.HubServer.Site.Models;

/// <summary>The garbage collection: the one that runs, or the last.</summary>
internal sealed record CollectionModel
{
    public bool Running { get; init; }

    public DateTime? Started { get; init; }

    public DateTime? Ended { get; init; }

    /// <summary>What is looked at now: manifests, blobs, objects.</summary>
    public string Phase { get; init; } = "";

    public long Done { get; init; }

    /// <summary>0 while it is not known.</summary>
    public long Total { get; init; }

    public long Removed { get; init; }

    /// <summary>Bytes given back.</summary>
    public long Freed { get; init; }

    public string? Failure { get; init; }
}
