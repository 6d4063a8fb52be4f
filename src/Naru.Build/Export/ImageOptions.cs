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

    /// <summary>The image goes to its registry by its digest alone; it takes no tag there.</summary>
    public bool PushByDigest { get; init; }

    /// <summary>Each repository also gets a name of the image's digest.</summary>
    public bool CanonicalNames { get; init; }

    /// <summary>How layers that are made here are stored: uncompressed, gzip or zstd. Null: nobody said.</summary>
    public string? Asked { get; init; }

    public string Compression => Asked ?? (Push || IsAttested ? "gzip" : "uncompressed");

    /// <summary>0 to 9 for gzip, 1 to 22 for zstd; null: the usual.</summary>
    public int? CompressionLevel { get; init; }

    /// <summary>Also the layers of base images are stored so.</summary>
    public bool ForceCompression { get; init; }

    /// <summary>Something is said of the image in its index: only OCI's types can, and no document of it may be made anew later.</summary>
    public bool IsAttested { get; init; }

    /// <summary>OCI's media types rather than Docker's.</summary>
    public bool OciTypes
    {
        get => field || IsAttested || Compression == "zstd";
        init;
    }

    /// <summary>Layers' times are no younger than the build's «now».</summary>
    public bool RewriteTimestamps { get; init; }

    public DateTimeOffset? Epoch { get; init; }

    public ImageAnnotations Annotations { get; } = new();

    /// <summary>The build's cache records go into the config.</summary>
    public bool InlineCache { get; init; }

    public LayerForm Layers => new(LayerType, CompressionLevel, ForceCompression, NothingPlain: Push || IsAttested);

    public string LayerType => (Compression, OciTypes) switch
    {
        ("gzip", false) => MediaTypes.DockerLayerGzip,
        ("gzip", true) => MediaTypes.OciLayerGzip,
        ("zstd", _) => MediaTypes.OciLayerZstd,
        (_, false) => MediaTypes.DockerLayer,
        (_, true) => MediaTypes.OciLayer,
    };

    public string ManifestType => OciTypes ? MediaTypes.OciManifest : MediaTypes.DockerManifest;

    public string ConfigType => OciTypes ? MediaTypes.OciConfig : MediaTypes.DockerConfig;

    public string IndexType => OciTypes ? MediaTypes.OciIndex : MediaTypes.DockerIndex;

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
        foreach (var (key, value) in attributes)
        {
            options = key switch
            {
                "name" => options with { Names = Parse(value) },
                "push" => options with { Push = Flag(key, value) },
                "push-by-digest" => options with { PushByDigest = Flag(key, value) },
                "compression" => options with { Asked = CompressionOf(value) },
                "compression-level" => options with { CompressionLevel = Level(value) },
                "force-compression" => options with { ForceCompression = Flag(key, value) },
                "oci-mediatypes" => options with { OciTypes = Flag(key, value) },
                "rewrite-timestamp" => options with { RewriteTimestamps = Flag(key, value) },
                "source-date-epoch" => options with { Epoch = Time(value) },
                // Every image is stored and unpacked here, and one without a name is kept as Docker keeps it.
                "unpack" or "store" => options,
                "name-canonical" => options with { CanonicalNames = Flag(key, value) },
                "prefer-nondist-layers" or "registry.insecure" when !Flag(key, value) => options,
                _ when options.Annotations.TryAdd(key, value) => options,
                _ => throw NaruException.Invalid($"exporter attribute {key} is not supported"),
            };
        }

        if (options.PushByDigest)
        {
            foreach (var name in attributes.GetValueOrDefault("name", "").Split(',', StringSplitOptions.RemoveEmptyEntries))
            {
                if (!ImageReference.Parse(name).IsNameOnly)
                    throw NaruException.Invalid($"can't push tagged ref {ImageReference.Parse(name)} by digest");
            }
        }

        if (options.CompressionLevel is > 9 && options.Compression == "gzip")
            throw NaruException.Invalid($"compression-level={options.CompressionLevel} is not a level of gzip: 0 to 9 are");
        return options;
    }

    private static string CompressionOf(string value) => value switch
    {
        "uncompressed" or "gzip" or "zstd" => value,
        "estargz" => throw new NaruException(ErrorKind.Unimplemented, "compression=estargz is not supported by this engine: it has uncompressed, gzip and zstd"),
        _ => throw NaruException.Invalid($"unsupported compression type {value}"),
    };

    private static int Level(string value) => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var level) && level <= 22 ? level
        : throw NaruException.Invalid($"value {GoText.Quote(value)} is not a compression level: 0 to 9 for gzip and 0 to 22 for zstd are");

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
