using System.Globalization;
using Naru.Base.Units;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>What a layer's descriptor says of it, by BuildKit's names.</summary>
internal static class CacheAnnotations
{
    public const string DiffId = "containerd.io/uncompressed";
    private const string CreatedAt = "buildkit/createdat";

    public static DateTimeOffset? Created(Descriptor blob) =>
        blob.Annotations?.TryGetValue(CreatedAt, out var text) == true && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static Descriptor Describe(Descriptor blob, Digest diffId, DateTimeOffset? created)
    {
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal) { [DiffId] = diffId.ToString() };
        if (created is { } time)
            annotations[CreatedAt] = GoTime.Nano(time);
        return new Descriptor { MediaType = blob.MediaType, Digest = blob.Digest, Size = blob.Size, Annotations = annotations };
    }
}
