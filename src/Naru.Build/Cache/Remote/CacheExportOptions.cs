using System.Globalization;
using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>How a cache is to be written: <c>type=registry,ref=…,mode=max,compression=zstd</c>.</summary>
internal sealed record CacheExportOptions
{
    /// <summary>Results of all steps (<c>max</c>), or only those that the build's own result is made of (<c>min</c>).</summary>
    public bool All { get; init; }

    public bool OciTypes { get; init; } = true;

    /// <summary>An image's manifest rather than an index of layers: registries keep what they know.</summary>
    public bool AsImage { get; init; } = true;

    public CompressionKind Compression { get; init; } = CompressionKind.Gzip;

    /// <summary>Null: the usual one.</summary>
    public int? Level { get; init; }

    /// <summary>Layers of images, too, are stored with that compression.</summary>
    public bool Force { get; init; }

    /// <summary>A cache that cannot be written does not fail the build.</summary>
    public bool IgnoreErrors { get; init; }

    /// <exception cref="NaruException">InvalidArgument: an attribute or a value that there is not; Unimplemented: a kind of cache that is not made here.</exception>
    public static CacheExportOptions Parse(CacheOption option)
    {
        var options = new CacheExportOptions();
        bool? asImage = null;
        var needed = option.Type switch
        {
            "registry" => "ref",
            "local" => "dest",
            "inline" => "",
            "gha" or "s3" or "azblob" => throw new NaruException(ErrorKind.Unimplemented, $"cache export of type {option.Type} is not supported by this engine"),
            _ => throw NaruException.Invalid($"unknown cache exporter: \"{option.Type}\""),
        };
        if (needed.Length > 0 && option[needed].Length == 0)
            throw NaruException.Invalid($"{option.Type} cache exporter requires {needed}");
        foreach (var (key, value) in option.Attributes)
        {
            if (key == needed || (option.Type == "local" && key is "tag" or "src" or "digest"))
                continue;
            switch (key)
            {
                case "mode":
                    options = options with { All = value is "max" ? true : value is "min" ? false : throw Wrong(option, $"invalid mode {value}: it is min or max") };
                    break;
                case "oci-mediatypes":
                    options = options with { OciTypes = Flag(option, key, value) };
                    break;
                case "image-manifest":
                    asImage = Flag(option, key, value);
                    break;
                case "compression":
                    options = options with { Compression = Kind(option, value) };
                    break;
                case "compression-level":
                    options = options with { Level = Number(option, value) };
                    break;
                case "force-compression":
                    options = options with { Force = Flag(option, key, value) };
                    break;
                case "ignore-error":
                    options = options with { IgnoreErrors = Flag(option, key, value) };
                    break;
                default:
                    throw Wrong(option, $"attribute {key} is not supported");
            }
        }

        if (asImage == true && !options.OciTypes)
            throw NaruException.Invalid("invalid configuration for remote cache, OCI mediatypes are required for image-manifest cache format");
        return options with { AsImage = asImage ?? options.OciTypes };
    }

    private static bool Flag(CacheOption option, string key, string value) => value switch
    {
        "true" or "1" or "t" or "T" or "TRUE" or "True" => true,
        "false" or "0" or "f" or "F" or "FALSE" or "False" => false,
        _ => throw Wrong(option, $"failed to parse {key}: strconv.ParseBool: parsing \"{value}\": invalid syntax"),
    };

    private static CompressionKind Kind(CacheOption option, string value) => value switch
    {
        "uncompressed" => CompressionKind.None,
        "gzip" => CompressionKind.Gzip,
        "zstd" => CompressionKind.Zstd,
        _ => throw Wrong(option, $"unsupported compression type {value}"),
    };

    private static int Number(CacheOption option, string value) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var level) && level is >= -1 and <= 22 ? level
            : throw Wrong(option, $"non-integer value {value} specified for compression-level");

    private static NaruException Wrong(CacheOption option, string what) => NaruException.Invalid($"failed to configure {option.Type} cache exporter: {what}");
}
