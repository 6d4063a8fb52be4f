using Naru.Oci;

namespace Naru.Engine.Images;

/// <summary>A name that containerd holds an image by.</summary>
public sealed record ImageName
{
    /// <summary>Label of a name: its registry has (or had) the name's target under the target's digest. Without it, an image shows no digest.</summary>
    public const string FromRegistryLabel = "naru/from-registry";

    /// <summary>Label of a name: when a person gave it, RFC 3339.</summary>
    public const string TaggedLabel = "naru/tagged";

    private const string DanglingPrefix = "moby-dangling@";
    private const string LoadingPrefix = "naru-loading@";

    /// <summary>As containerd has it: <c>docker.io/library/busybox:latest</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The manifest or index that it points to.</summary>
    public required Descriptor Target { get; init; }

    /// <summary>The name as a person may use it; null for that of an image without any.</summary>
    public ImageReference? Reference { get; init; }

    public bool FromRegistry { get; init; }

    public string? Tagged { get; init; }

    /// <summary>The repository with the digest by which a registry knows the image; null when none does.</summary>
    public ImageReference? DigestReference =>
        Reference is null ? null
        : !Reference.Digest.IsEmpty ? Reference.NameOnly().WithDigest(Reference.Digest)
        : FromRegistry ? Reference.NameOnly().WithDigest(Target.Digest) : null;

    /// <summary>The name that keeps an image which has no other.</summary>
    public static string Dangling(Digest target) => DanglingPrefix + target;

    /// <summary>A name for what a load brings, until each image has its own.</summary>
    public static string Loading() => LoadingPrefix + Guid.NewGuid().ToString("N");

    public static bool IsLoading(string name) => name.StartsWith(LoadingPrefix, StringComparison.Ordinal);

    public static ImageName Of(Rpc.Images.Image image) => new()
    {
        Name = image.Name,
        Target = new Descriptor { MediaType = image.Target.MediaType, Digest = Digest.Parse(image.Target.Digest), Size = image.Target.Size },
        Reference = !image.Name.StartsWith(DanglingPrefix, StringComparison.Ordinal) && ImageReference.TryParse(image.Name, out var reference) && !reference.IsNameOnly ? reference : null,
        FromRegistry = image.Labels.ContainsKey(FromRegistryLabel),
        Tagged = image.Labels.GetValueOrDefault(TaggedLabel),
    };
}
