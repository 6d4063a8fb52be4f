using System.Globalization;
using System.Text.RegularExpressions;
using Naru.Api;
using Naru.Base;
using Naru.Base.Flags;
using Naru.Base.Units;

namespace Naru.Engine.Logs;

/// <summary>What a log driver was told: <c>--log-driver</c> and <c>--log-opt</c>.</summary>
/// <param name="MaxSize">Bytes after which a file is rotated; 0 never.</param>
/// <param name="MaxFiles">How many files are kept in all.</param>
/// <param name="Compress">Rotated files are gzip.</param>
public sealed record LogOptions(long MaxSize, int MaxFiles, bool Compress)
{
    private static readonly string[] Common = ["max-size", "max-file", "compress", "mode", "max-buffer-size"];
    private static readonly string[] Attributes = ["labels", "labels-regex", "env", "env-regex", "tag"];

    /// <summary>json-file keeps one file without end; local five of 20 MB, those rotated compressed.</summary>
    /// <exception cref="NaruException">InvalidArgument, in Docker's words.</exception>
    public static LogOptions Parse(LogConfig log)
    {
        var options = log.Config ?? [];
        var local = log.Type == "local";
        const string Failed = "failed to create task for container: failed to initialize logging driver: ";
        long size = local ? 20_000_000 : 0;
        var files = local ? 5 : 1;
        if (options.GetValueOrDefault("max-size") is { Length: > 0 } sizeText && sizeText != "-1")
        {
            try
            {
                size = ByteSize.ParseDecimal(sizeText);
            }
            catch (FlagException e)
            {
                throw new NaruException(ErrorKind.InvalidArgument, $"{Failed}{(local ? $"invalid value for max-size: {sizeText}: " : "")}{e.Message}", e);
            }
        }

        if (options.GetValueOrDefault("max-file") is { Length: > 0 } filesText)
        {
            if (!int.TryParse(filesText, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out files))
                throw NaruException.Invalid($"{Failed}{(local ? $"invalid value for max-file: {filesText}: " : "")}strconv.Atoi: parsing \"{filesText}\": invalid syntax");
            if (files < 1)
                throw NaruException.Invalid($"{Failed}max-file cannot be less than 1");
        }

        var compress = local;
        if (options.GetValueOrDefault("compress") is { Length: > 0 } compressText)
        {
            compress = compressText switch
            {
                "1" or "t" or "T" or "true" or "TRUE" or "True" => true,
                "0" or "f" or "F" or "false" or "FALSE" or "False" => false,
                _ => throw NaruException.Invalid($"{Failed}strconv.ParseBool: parsing \"{compressText}\": invalid syntax"),
            };
            if (compress && !local && (files == 1 || size == 0))
                throw NaruException.Invalid($"{Failed}compress cannot be true when max-file is less than 2 or max-size is not set");
        }

        return new LogOptions(size, files, compress);
    }

    /// <summary>Driver, names and values of a create.</summary>
    public static void Check(LogConfig log)
    {
        var known = log.Type switch
        {
            "json-file" => [.. Common, .. Attributes],
            "local" => Common,
            "none" => log.Config is { Count: > 0 } ? (string[])[] : null,
            _ => throw NaruException.Invalid($"error looking up logging plugin {log.Type}: plugin \"{log.Type}\" not found"),
        };
        foreach (var name in log.Config?.Keys ?? Enumerable.Empty<string>())
        {
            if (known is not null && !known.Contains(name))
                throw NaruException.Invalid(log.Type == "local" ? $"unknown log opt '{name}' for log driver local" : $"unknown log opt '{name}' for {log.Type} log driver");
        }

        // Output never waits for a reader here; the mode says what happens where it would.
        var mode = log.Config?.GetValueOrDefault("mode");
        if (mode is not (null or "" or "blocking" or "non-blocking"))
            throw NaruException.Invalid($"logger: logging mode not supported: {mode}");
        if (log.Config?.GetValueOrDefault("max-buffer-size") is { } buffer)
        {
            if (mode != "non-blocking")
                throw NaruException.Invalid("logger: max-buffer-size option is only supported with 'mode=non-blocking'");
            try
            {
                ByteSize.ParseRam(buffer);
            }
            catch (FlagException e)
            {
                throw new NaruException(ErrorKind.InvalidArgument, $"logger: invalid value for max-buffer-size: {e.Message}", e);
            }
        }

        if (log.Type != "none")
            Parse(log);
    }

    /// <summary>The labels, variables and tag that go with each line.</summary>
    public static SortedDictionary<string, string> Extra(LogConfig log, string id, string name, string imageId, ContainerConfig config)
    {
        var extra = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var options = log.Config ?? [];
        Select(options, "labels", config.Labels ?? [], extra);
        var environment = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var one in config.Env ?? [])
        {
            if (one.Split('=', 2) is [var key, var value])
                environment[key] = value;
        }

        Select(options, "env", environment, extra);
        if (options.GetValueOrDefault("tag") is { Length: > 0 } tag)
        {
            extra["tag"] = tag.Replace("{{.ID}}", id[..12], StringComparison.Ordinal).Replace("{{.FullID}}", id, StringComparison.Ordinal).Replace("{{.Name}}", name, StringComparison.Ordinal)
                .Replace("{{.ImageName}}", config.Image, StringComparison.Ordinal).Replace("{{.ImageFullID}}", imageId, StringComparison.Ordinal)
                .Replace("{{.ImageID}}", imageId.Length >= 19 ? imageId[7..19] : imageId, StringComparison.Ordinal).Replace("{{.DaemonName}}", "docker", StringComparison.Ordinal);
        }

        return extra;
    }

    private static void Select(SortedDictionary<string, string> options, string option, SortedDictionary<string, string> from, SortedDictionary<string, string> to)
    {
        foreach (var name in (options.GetValueOrDefault(option) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (from.TryGetValue(name, out var value))
                to[name] = value;
        }

        if (options.GetValueOrDefault(option + "-regex") is not { Length: > 0 } pattern)
            return;
        var regex = new Regex(pattern, RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
        foreach (var (name, value) in from.Where(one => regex.IsMatch(one.Key)))
            to[name] = value;
    }
}
