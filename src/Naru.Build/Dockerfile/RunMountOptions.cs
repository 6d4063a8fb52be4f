using System.Globalization;
using Naru.Base;
using Naru.Base.Flags;
using Naru.Base.Units;
using Naru.Build.Graph;

namespace Naru.Build.Dockerfile;

/// <summary>A value of RUN --mount, read: <c>type=cache,target=/root/.cache,sharing=locked</c>. Null or empty where a key was not given.</summary>
public sealed class RunMountOptions
{
    private static readonly string[] s_keys =
        ["type", "from", "source", "target", "readonly", "id", "sharing", "required", "mode", "uid", "gid", "src", "dst", "destination", "ro", "rw", "readwrite", "size", "env"];

    private static readonly string[] s_kinds = ["bind", "cache", "tmpfs", "secret", "ssh"];

    private bool? readOnly;

    public RunMountKind Kind { get; private set; }

    public string From { get; private set; } = "";

    public string Source { get; private set; } = "";

    public string Target { get; private set; } = "";

    public string Id { get; private set; } = "";

    public CacheSharing? Sharing { get; private set; }

    public bool Required { get; private set; }

    public string? Variable { get; private set; }

    public uint? Uid { get; private set; }

    public uint? Gid { get; private set; }

    public int? Mode { get; private set; }

    public long Size { get; private set; }

    /// <summary>Caches and tmpfs are written unless they say otherwise, the others are not.</summary>
    public bool ReadOnly => readOnly ?? Kind is not (RunMountKind.Cache or RunMountKind.Tmpfs);

    private string KindName => s_kinds[(int)Kind];

    /// <summary>Reads a value with its variables expanded.</summary>
    /// <exception cref="NaruException">InvalidArgument, in BuildKit's words.</exception>
    public static RunMountOptions Parse(string value, Func<string, string> expand)
    {
        var options = new RunMountOptions();
        foreach (var field in Fields(value))
        {
            var equals = field.IndexOf('=');
            var key = (equals < 0 ? field : field[..equals]).ToLowerInvariant();
            if (equals < 0)
                options.SetAlone(key, field);
            else
                options.Set(key, expand(field[(equals + 1)..]), field);
        }

        options.Check();
        return options;
    }

    /// <summary>The stage or image that a mount names, as written. One that names none counts as <c>scratch</c>, whatever its type turns out to be.</summary>
    internal static string FromOf(string value)
    {
        foreach (var field in Fields(value))
        {
            if (field.StartsWith("from=", StringComparison.OrdinalIgnoreCase) && field.Length > "from=".Length)
                return field["from=".Length..];
        }

        return "scratch";
    }

    /// <summary>What can be said before variables are known.</summary>
    internal static void CheckUnexpanded(string value)
    {
        foreach (var field in Fields(value))
        {
            if (field.StartsWith("from=", StringComparison.OrdinalIgnoreCase) && field.IndexOf('$') is >= 0 and var dollar && dollar + 1 < field.Length)
                throw NaruException.Invalid("'from' doesn't support variable expansion, define alias stage instead");
        }
    }

    /// <summary>The form of a --device value: a name, and <c>required</c>.</summary>
    internal static void CheckDevice(string value)
    {
        var first = true;
        foreach (var field in Fields(value))
        {
            var key = field.Split('=')[0].ToLowerInvariant();
            if (!field.Contains('=') && !first && key != "required")
                throw NaruException.Invalid($"invalid field '{field}' must be a key=value pair");
            first = false;
        }
    }

    private static List<string> Fields(string value)
    {
        try
        {
            return CommaSeparated.Split(value);
        }
        catch (FlagException error)
        {
            throw NaruException.Invalid("failed to parse csv mounts: " + error.Message);
        }
    }

    private void SetAlone(string key, string field)
    {
        switch (key)
        {
            case "readonly" or "ro":
                readOnly = true;
                break;
            case "readwrite" or "rw":
                readOnly = false;
                break;
            case "required" when Kind is RunMountKind.Secret or RunMountKind.Ssh:
                Required = true;
                break;
            case "required":
                throw Unexpected(key);
            default:
                throw NaruException.Invalid($"invalid field '{field}' must be a key=value pair");
        }
    }

    private void Set(string key, string value, string field)
    {
        switch (key)
        {
            case "type":
                var kind = Array.IndexOf(s_kinds, value.ToLowerInvariant());
                if (kind < 0)
                    throw NaruException.Invalid(Suggestion.Append($"unsupported mount type {GoText.Quote(value)}", value, s_kinds));
                Kind = (RunMountKind)kind;
                break;
            case "from":
                From = value;
                break;
            case "source" or "src":
                Source = value;
                break;
            case "target" or "dst" or "destination":
                Target = value;
                break;
            case "readonly" or "ro":
                readOnly = Boolean(key, value);
                break;
            case "readwrite" or "rw":
                readOnly = !Boolean(key, value);
                break;
            case "required" when Kind is RunMountKind.Secret or RunMountKind.Ssh:
                Required = Boolean(key, value);
                break;
            case "size" when Kind == RunMountKind.Tmpfs:
                Size = Bytes(value);
                break;
            case "required" or "size":
                throw Unexpected(key);
            case "id":
                Id = value;
                break;
            case "sharing":
                Sharing = value.ToLowerInvariant() switch
                {
                    "shared" => CacheSharing.Shared,
                    "private" => CacheSharing.Private,
                    "locked" => CacheSharing.Locked,
                    _ => throw NaruException.Invalid(Suggestion.Append($"unsupported sharing value {GoText.Quote(value)}", value, ["shared", "private", "locked"])),
                };
                break;
            case "mode":
                Mode = OctalMode(value);
                break;
            case "uid":
                Uid = Number(key, value);
                break;
            case "gid":
                Gid = Number(key, value);
                break;
            case "env":
                Variable = value;
                break;
            default:
                throw NaruException.Invalid(Suggestion.Append($"unexpected key '{key}' in '{field}'", key, s_keys));
        }
    }

    private void Check()
    {
        if (Kind is RunMountKind.Bind or RunMountKind.Tmpfs)
        {
            var owned = Mode is not null ? "mode" : Uid is not null ? "uid" : Gid is not null ? "gid" : null;
            if (owned is not null)
                throw NaruException.Invalid($"{owned} not allowed for \"{KindName}\" type mounts");
        }

        if (Kind == RunMountKind.Secret)
        {
            if (From.Length > 0)
                throw NaruException.Invalid("secret mount should not have a from");
            if (Sharing is not null)
                throw NaruException.Invalid("secret mount should not define sharing");
            if (Source.Length == 0 && Target.Length == 0 && Id.Length == 0)
                throw NaruException.Invalid("invalid secret mount. one of source, target required");
            if (Source.Length > 0 && Id.Length > 0)
                throw NaruException.Invalid("both source and id can't be set");
        }

        if (Variable is not null && Kind != RunMountKind.Secret)
            throw Unexpected("env");
        if (Sharing is not null && Kind != RunMountKind.Cache)
            throw NaruException.Invalid($"invalid cache sharing set for {KindName} mount");
    }

    private NaruException Unexpected(string key) => NaruException.Invalid($"unexpected key '{key}' for mount type '{KindName}'");

    private static bool Boolean(string key, string value) =>
        GoBoolean.TryParse(value, out var on) ? on : throw NaruException.Invalid($"invalid value for {key}: {value}");

    private static long Bytes(string value)
    {
        try
        {
            return ByteSize.ParseRam(value);
        }
        catch (FlagException)
        {
            throw NaruException.Invalid($"invalid value for size: {value}");
        }
    }

    private static int OctalMode(string value)
    {
        var mode = 0L;
        foreach (var digit in value)
            mode = digit is >= '0' and <= '7' && mode <= 0x1fff_ffff ? (mode * 8) + (digit - '0') : throw Bad(value, "mode");
        return value.Length > 0 && mode <= int.MaxValue ? (int)mode : throw Bad(value, "mode");
    }

    private static uint Number(string key, string value) =>
        uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Bad(value, key);

    private static NaruException Bad(string value, string key) => NaruException.Invalid($"invalid value {value} for {key}");
}
