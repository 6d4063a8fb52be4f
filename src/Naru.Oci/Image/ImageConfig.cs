using System.Globalization;
using System.Text.Json.Serialization;
using Naru.Base;

namespace Naru.Oci;

/// <summary>An image's config document: platform, defaults for its containers, layers' diff ids, history. Its digest is Docker's image id.</summary>
/// <remarks>OCI image-spec, config.md, with Docker's extensions. A view; the bytes it was read from have the digest.</remarks>
public sealed record ImageConfig
{
    /// <summary>RFC 3339, kept as written: nanoseconds matter to digests and to what is shown.</summary>
    [JsonPropertyName("created")]
    public string? Created { get; init; }

    [JsonPropertyName("author")]
    public string? Author { get; init; }

    [JsonPropertyName("architecture")]
    public string Architecture { get; init; } = "";

    [JsonPropertyName("variant")]
    public string? Variant { get; init; }

    [JsonPropertyName("os")]
    public string Os { get; init; } = "";

    [JsonPropertyName("os.version")]
    public string? OsVersion { get; init; }

    [JsonPropertyName("os.features")]
    public IReadOnlyList<string>? OsFeatures { get; init; }

    [JsonPropertyName("config")]
    public ContainerDefaults? Config { get; init; }

    [JsonPropertyName("rootfs")]
    public RootFs RootFs { get; init; } = new();

    [JsonPropertyName("history")]
    public IReadOnlyList<HistoryEntry>? History { get; init; }

    /// <summary>Docker: what <c>commit -m</c> said.</summary>
    [JsonPropertyName("comment")]
    public string? Comment { get; init; }

    /// <summary>Docker: the container that was committed.</summary>
    [JsonPropertyName("container")]
    public string? Container { get; init; }

    [JsonPropertyName("docker_version")]
    public string? DockerVersion { get; init; }

    /// <summary>BuildKit: the build's cache records, whose layers are the image's.</summary>
    [JsonPropertyName("moby.buildkit.cache.v0")]
    public byte[]? BuildCache { get; init; }

    [JsonIgnore]
    public DateTimeOffset? CreatedAt =>
        DateTimeOffset.TryParse(Created, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    [JsonIgnore]
    public Platform Platform => new() { Os = Os, Architecture = Architecture, Variant = Variant, OsVersion = OsVersion, OsFeatures = OsFeatures };

    /// <exception cref="NaruException">InvalidArgument: malformed, or JSON null.</exception>
    public static ImageConfig Parse(ReadOnlySpan<byte> content)
    {
        var config = OciJson.Read(content, OciJson.Default.ImageConfig, "image config");
        return config with { RootFs = config.RootFs ?? new(), Architecture = config.Architecture ?? "", Os = config.Os ?? "" };
    }

    public byte[] Write() => OciJson.Write(this, OciJson.Default.ImageConfig);
}
