using System.Text.Json.Serialization;
using Naru.Hub.Storage;

namespace Naru.Hub.Gc;

/// <summary>What a collection took away so far, or what it would.</summary>
public sealed record GarbageReport
{
    /// <summary>Uploads that were left alone.</summary>
    [JsonPropertyName("uploads")]
    public long Uploads { get; set; }

    /// <summary>Manifests that repositories had, untagged.</summary>
    [JsonPropertyName("images")]
    public long Images { get; set; }

    /// <summary>Manifests that no repository had any more.</summary>
    [JsonPropertyName("manifests")]
    public long Manifests { get; set; }

    /// <summary>Blobs that repositories had, each counted once a repository.</summary>
    [JsonPropertyName("links")]
    public long Links { get; set; }

    /// <summary>Blobs that no repository had any more.</summary>
    [JsonPropertyName("blobs")]
    public long Blobs { get; set; }

    [JsonPropertyName("blobBytes")]
    public long BlobBytes { get; set; }

    /// <summary>Objects of the storage that the metadata does not know.</summary>
    [JsonPropertyName("objects")]
    public long Objects { get; set; }

    [JsonPropertyName("objectBytes")]
    public long ObjectBytes { get; set; }

    /// <summary>In a line.</summary>
    internal string Summary() => $"{Blobs} blobs of {BlobBytes} bytes, {Images} untagged manifests, {Uploads} uploads, {Objects} objects";

    internal void Add(List<StoredObject> unknown)
    {
        foreach (var entry in unknown)
        {
            Objects++;
            ObjectBytes += entry.Size;
        }
    }
}
