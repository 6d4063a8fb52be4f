using System.Globalization;
using Naru.Base;
using Naru.Oci;

namespace Naru.Build.Export;

/// <summary>The attributes of an exporter that makes images: <c>type=image,name=…,push=true,compression=zstd</c>.</summary>
internal sealed record ImageOptions
{
    /// <summary>Tags to be given, full references.</summary>
    public IReadOnlyList<ImageReference> Names { get; init; } = [];

    public bool Push { get; init; }

    /// <summary>Layers are stored uncompressed, gzip or zstd.</summary>
    public string Compression { get; init; } = "uncompressed";

    /// <summary>OCI's media types rather than Docker's.</summary>
    public bool OciTypes { get; init; }

    /// <summary>Layers' times are no younger than the build's «now».</summary>
    public bool RewriteTimestamps { get; init; }

    public DateTimeOffset? Epoch { get; init; }

    /// <summary>Annotations of the manifest.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public string LayerType => (Compression, OciTypes) switch
    {
        ("gzip", false) => MediaTypes.DockerLayerGzip,
        ("gzip", true) => MediaTypes.OciLayerGzip,
        ("zstd", _) => MediaTypes.OciLayerZstd,
        (_, false) => MediaTypes.DockerLayer,
        (_, true) => MediaTypes.OciLayer,
    };

    public string ManifestType => OciTypes || Compression == "zstd" ? MediaTypes.OciManifest : MediaTypes.DockerManifest;

    public string ConfigType => OciTypes || Compression == "zstd" ? MediaTypes.OciConfig : MediaTypes.DockerConfig;

    public string IndexType => OciTypes || Compression == "zstd" ? MediaTypes.OciIndex : MediaTypes.DockerIndex;

    /// <summary>Those of <c>type=docker</c> and <c>type=oci</c>, an archive: compressed unless told.</summary>
    /// <exception cref="NaruException">InvalidArgument: an attribute or a value that there is not.</exception>
    public static ImageOptions ParseArchive(string type, IReadOnlyDictionary<string, string> attributes, DateTimeOffset? epoch)
    {
        var image = new Dictionary<string, string>(attributes);
        if (image.Remove("tar", out var tar) && !Flag("tar", tar))
            throw new NaruException(ErrorKind.Unimplemented, $"type={type} with tar=false is not supported: leave it out and unpack the archive");
        image.Remove("dest");
        image.TryAdd("compression", "gzip");
        image.TryAdd("oci-mediatypes", type == "oci" ? "true" : "false");
        return Parse(image, epoch);
    }

    /// <exception cref="NaruException">InvalidArgument: an attribute or a value that there is not.</exception>
    public static ImageOptions Parse(IReadOnlyDictionary<string, string> attributes, DateTimeOffset? epoch)
    {
        var options = new ImageOptions { Epoch = epoch };
        var annotations = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in attributes)
        {
            options = key switch
            {
                "name" => options with { Names = Parse(value) },
                "push" => options with { Push = Flag(key, value) },
                "compression" => options with { Compression = value is "uncompressed" or "gzip" or "zstd" ? value : throw NaruException.Invalid($"unsupported compression type {value}") },
                "oci-mediatypes" => options with { OciTypes = Flag(key, value) },
                "rewrite-timestamp" => options with { RewriteTimestamps = Flag(key, value) },
                "source-date-epoch" => options with { Epoch = Time(value) },
                // Every image is stored and unpacked here, and no blob is made anew that is there in the form that was asked for.
                "unpack" or "store" or "force-compression" or "prefer-nondist-layers" or "registry.insecure" or "push-by-digest" or "dangling-name-prefix" or "name-canonical" or "danglingname" or "nameprefix" =>
                    Flag(key, value) is false || key is "unpack" or "store" ? options : throw NaruException.Invalid($"exporter attribute {key} is not supported"),
                _ when key.StartsWith("annotation.", StringComparison.Ordinal) || key.StartsWith("annotation-manifest.", StringComparison.Ordinal) => Annotate(options, annotations, key, value),
                _ => throw NaruException.Invalid($"exporter attribute {key} is not supported"),
            };
        }

        return options with { Annotations = annotations };
    }

    private static ImageOptions Annotate(ImageOptions options, SortedDictionary<string, string> annotations, string key, string value)
    {
        annotations[key[(key.IndexOf('.') + 1)..]] = value;
        return options;
    }

    private static List<ImageReference> Parse(string names)
    {
        List<ImageReference> result = [];
        foreach (var name in names.Split(',', StringSplitOptions.RemoveEmptyEntries))
            result.Add(ImageReference.Parse(name).WithDefaultTag());
        return result;
    }

    private static bool Flag(string key, string value) => value switch
    {
        "" or "true" or "1" => true,
        "false" or "0" => false,
        _ => throw NaruException.Invalid($"non-bool value specified for {key}: strconv.ParseBool: parsing \"{value}\": invalid syntax"),
    };

    private static DateTimeOffset Time(string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw NaruException.Invalid($"invalid SOURCE_DATE_EPOCH: {value}");
}
