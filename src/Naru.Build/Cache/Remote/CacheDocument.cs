using System.Text.Json.Serialization;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>BuildKit's description of a cache, <c>application/vnd.buildkit.cacheconfig.v0</c>: layers, and what leads to them.</summary>
/// <remarks>
/// The digests of our records are the keys of steps (<see cref="Solver.CacheKeys"/>), which are the same on every machine; BuildKit's own are
/// others, so that neither builder finds anything in the other's cache, and both read it.
/// </remarks>
internal sealed record CacheDocument
{
    public const string MediaType = "application/vnd.buildkit.cacheconfig.v0";

    /// <summary>No document may be larger, in bytes.</summary>
    public const int MaximumSize = 32 << 20;

    /// <summary>Upon each other; not in an image's config, whose own layers they are then.</summary>
    [JsonPropertyName("layers")]
    public IReadOnlyList<Layer>? Layers { get; init; }

    [JsonPropertyName("records")]
    public IReadOnlyList<Record>? Records { get; init; }

    internal sealed record Layer
    {
        [JsonPropertyName("blob")]
        public Digest Blob { get; init; }

        /// <summary>The layer below, by its place in the list; -1: none.</summary>
        [JsonPropertyName("parent")]
        public int Parent { get; init; }

        /// <summary>Facts that else are annotations of the blob's descriptor.</summary>
        [JsonPropertyName("annotations")]
        public Facts? Annotations { get; init; }
    }

    internal sealed record Facts
    {
        [JsonPropertyName("mediaType")]
        public string? MediaType { get; init; }

        [JsonPropertyName("diffID")]
        public Digest? DiffId { get; init; }

        [JsonPropertyName("size")]
        public long Size { get; init; }

        [JsonPropertyName("createdAt")]
        public DateTimeOffset? CreatedAt { get; init; }
    }

    /// <summary>A step.</summary>
    internal sealed record Record
    {
        /// <summary>Its results; none: what it made is not in the cache, but the steps above it can be found by what it is.</summary>
        [JsonPropertyName("layers")]
        public IReadOnlyList<Result>? Results { get; init; }

        /// <summary>In an image's config: results that are not the image's layers from the lowest up.</summary>
        [JsonPropertyName("chains")]
        public IReadOnlyList<Chain>? Chains { get; init; }

        [JsonPropertyName("digest")]
        public Digest Digest { get; init; }

        /// <summary>The records of the step's inputs, as far as they have any.</summary>
        [JsonPropertyName("inputs")]
        public IReadOnlyList<IReadOnlyList<Input>>? Inputs { get; init; }

        /// <summary>Ours: other keys that lead to the same result. BuildKit skips the field.</summary>
        [JsonPropertyName("aliases")]
        public IReadOnlyList<Digest>? Aliases { get; init; }
    }

    internal sealed record Result
    {
        /// <summary>The topmost layer, by its place in the list.</summary>
        [JsonPropertyName("layer")]
        public int Layer { get; init; }

        [JsonPropertyName("createdAt")]
        public DateTimeOffset? CreatedAt { get; init; }
    }

    internal sealed record Chain
    {
        /// <summary>Lowest first, by their places in the image.</summary>
        [JsonPropertyName("layers")]
        public IReadOnlyList<int>? Layers { get; init; }

        [JsonPropertyName("createdAt")]
        public DateTimeOffset? CreatedAt { get; init; }
    }

    internal sealed record Input
    {
        [JsonPropertyName("selector")]
        public string? Selector { get; init; }

        /// <summary>By its place in the list of records.</summary>
        [JsonPropertyName("link")]
        public int Link { get; init; }
    }
}
