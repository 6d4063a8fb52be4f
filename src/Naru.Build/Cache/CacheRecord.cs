using System.Text.Json.Serialization;
using Naru.Oci;

namespace Naru.Build.Cache;

/// <summary>A step's result that is kept: the snapshot it made, and all the keys that lead to it.</summary>
/// <remarks>Never changed in place: the store replaces it by one with newer facts.</remarks>
public sealed record CacheRecord
{
    /// <summary>The first key: by it the steps above name the result in their own keys.</summary>
    public required Digest Id { get; init; }

    /// <summary>Other keys that turned out to lead to the same result.</summary>
    public IReadOnlyList<Digest> Aliases { get; init; } = [];

    /// <summary>The committed snapshot in containerd.</summary>
    public required string Snapshot { get; init; }

    /// <summary>The committed snapshot below it; empty for none.</summary>
    public string Parent { get; init; } = "";

    /// <summary>The step, for <c>builder du</c>.</summary>
    public required string Description { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset LastUsed { get; init; }

    public int Uses { get; init; } = 1;

    /// <summary>Bytes of the snapshot's own files.</summary>
    public long Size { get; init; }

    /// <summary>The layer's digest uncompressed; empty until an export calculated it.</summary>
    public Digest DiffId { get; init; }

    /// <summary>The forms in which the layer was stored as a blob; they may be gone by now.</summary>
    public IReadOnlyList<Descriptor> Blobs { get; init; } = [];

    /// <summary>The machine's boot in which it was made: until it is <see cref="Synced"/>, it is not to be trusted after another one.</summary>
    public required string Boot { get; init; }

    /// <summary>Its files are on disk, whatever happens to the machine.</summary>
    public bool Synced { get; init; }

    [JsonIgnore]
    public bool IsTrusted => Synced || Boot == CurrentBoot;

    /// <summary>Linux gives each boot an id of its own.</summary>
    public static string CurrentBoot { get; } = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
}
