namespace Naru.Hub.Storage;

/// <summary>Where an S3 bucket is and how it is used.</summary>
public sealed record S3Options
{
    public required string Bucket { get; init; }

    /// <summary>Goes before every key: empty, or <c>hub/</c>.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Of a server that is not Amazon's; null for Amazon's own in <see cref="Region"/>.</summary>
    public Uri? Endpoint { get; init; }

    public string Region { get; init; } = "us-east-1";

    /// <summary>The bucket in the path and not in the host's name, as most other servers want it.</summary>
    public bool PathStyle { get; init; }

    /// <summary>Both, or neither: then those of the environment, of the profile or of the machine's role, in the order of Amazon's own tools.</summary>
    public string? AccessKey { get; init; }

    public string? SecretKey { get; init; }

    /// <summary>Whether clients are sent to the storage for blobs; then they must reach it.</summary>
    public bool Redirect { get; init; }

    /// <summary>Where clients reach the storage, if not at <see cref="Endpoint"/>.</summary>
    public Uri? ClientEndpoint { get; init; }

    /// <summary>Folder of the files that parts are gathered in before they are sent; each disappears with its process.</summary>
    public required string Spool { get; init; }

    /// <summary>Bytes of a part, all but the last: at least 5 MiB, by S3's rule. An object has at most 10,000 of them.</summary>
    public int PartSize { get; init; } = 16 << 20;
}
