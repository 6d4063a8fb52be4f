namespace Naru.Images;

/// <summary>How registries are talked to.</summary>
public sealed record RegistryOptions
{
    public string UserAgent { get; init; } = "naru/0.1.0 (linux)";

    /// <summary>Gives the credentials for a registry's domain (<c>docker.io</c>, <c>localhost:5000</c>), null for none.</summary>
    public Func<string, CancellationToken, ValueTask<RegistryCredentials?>>? Credentials { get; init; }

    /// <summary>Certificates for registries, a folder each: <see cref="RegistryCertificates"/>; null for none.</summary>
    public string? CertificateFolder { get; init; } = "/etc/docker/certs.d";

    /// <summary>Domains (<c>host</c> or <c>host:port</c>) and CIDR blocks that may use plain http or a certificate that nobody signed. Loopback always may, as with Docker.</summary>
    public IReadOnlyCollection<string> InsecureRegistries { get; init; } = [];

    /// <summary>Who is asked, for pulls only, before a domain's own registry: <c>https://host[:port]</c>, in this order; null for nobody.</summary>
    public Func<string, IReadOnlyList<Uri>>? Mirrors { get; init; }

    /// <summary>Blobs larger than this are pushed in chunks of this size, in bytes; 0 pushes every blob whole.</summary>
    public long ChunkSize { get; init; }

    /// <summary>Attempts of one request, or of one stretch of a blob without progress, before giving up.</summary>
    public int Attempts { get; init; } = 5;

    /// <summary>Wait before the second attempt; doubles with each.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a server may say nothing.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
