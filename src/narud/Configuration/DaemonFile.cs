using System.Text.Json;
using Naru.Base;
using Naru.Base.Flags;

namespace Naru.Daemon.Configuration;

/// <summary>daemon.json: the same settings as the flags, each in one of the two places.</summary>
internal static class DaemonFile
{
    private static readonly JsonDocumentOptions Strict = new() { CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>The names that differ from the flags': what may be given more than once is a list in the file.</summary>
    private static readonly Dictionary<string, string> FlagNames = new()
    {
        ["default-address-pools"] = "default-address-pool",
        ["dns-opts"] = "dns-opt",
        ["hosts"] = "host",
        ["insecure-registries"] = "insecure-registry",
        ["log-opts"] = "log-opt",
        ["registry-mirrors"] = "registry-mirror",
        ["runtimes"] = "add-runtime",
    };

    /// <summary>What dockerd knows and this engine does not have: refused by a text of its own, as no misspelling.</summary>
    private static readonly HashSet<string> NotHere =
    [
        "allow-direct-routing", "authorization-plugins", "bip6", "bridge", "builder", "cgroup-parent", "containerd-namespace", "containerd-plugin-namespace", "cpu-rt-period", "cpu-rt-runtime",
        "default-cgroupns-mode", "default-gateway", "default-gateway-v6", "default-ipc-mode", "default-network-opts", "default-shm-size", "default-ulimits", "exec-opts", "experimental",
        "features", "fixed-cidr", "fixed-cidr-v6", "host-gateway-ips", "icc", "init", "init-path", "ip", "ip-forward", "ip-forward-no-drop", "ip-masq", "ip6tables", "iptables", "ipv6", "labels", "log-format",
        "max-concurrent-downloads", "max-concurrent-uploads", "max-download-attempts", "metrics-addr", "no-new-privileges", "no-pivot-root", "node-generic-resources", "proxies", "raw-logs",
        "seccomp-profile", "selinux-enabled", "shutdown-timeout", "storage-driver", "storage-opts", "userland-proxy", "userland-proxy-path", "userns-remap",
    ];

    /// <summary>Only the command line has these.</summary>
    private static readonly HashSet<string> FlagOnly = ["help", "version", "validate", "config-file"];

    /// <summary>Sets the flags that <paramref name="path"/> names. A file that is missing is fine, unless it was asked for.</summary>
    /// <exception cref="NaruException">InvalidArgument, in Docker's words.</exception>
    public static void Apply(string path, bool asked, DaemonFlags flags)
    {
        string text;
        try
        {
            text = File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            if (asked)
                throw Fail(path, $"open {path}: no such file or directory");
            return;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fail(path, e.Message);
        }

        if (text.Trim().Length == 0)
            return;
        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            Apply(path, document.RootElement, flags);
        }
        catch (JsonException e)
        {
            throw Fail(path, $"invalid JSON: {e.Message}");
        }
    }

    private static void Apply(string path, JsonElement root, DaemonFlags flags)
    {
        if (root.ValueKind != JsonValueKind.Object)
            throw Fail(path, "invalid JSON: the file must hold one object");
        var settings = root.EnumerateObject().ToList();
        var unknown = settings.FindAll(setting => FlagOf(setting.Name, flags) is null).ConvertAll(setting => setting.Name);
        if (unknown.Find(NotHere.Contains) is { } missing)
            throw Fail(path, $"{missing} is not supported by this engine");
        if (unknown.Count > 0)
            throw Fail(path, $"the following directives don't match any configuration option: {string.Join(", ", unknown)}");
        var twice = settings.FindAll(setting => setting.Name != "runtimes" && FlagOf(setting.Name, flags)!.Changed)
            .ConvertAll(setting => $"{setting.Name}: (from flag: {Show(FlagOf(setting.Name, flags)!, setting.Name)}, from file: {Show(setting.Value)})");
        if (twice.Count > 0)
            throw Fail(path, $"the following directives are specified both as a flag and in the configuration file: {string.Join(", ", twice)}");
        foreach (var setting in settings)
        {
            var flag = FlagOf(setting.Name, flags)!;
            try
            {
                foreach (var value in Values(setting.Name, setting.Value, flag))
                    flag.Set(value);
            }
            catch (FlagException e)
            {
                throw Fail(path, e.Message);
            }
        }
    }

    private static Flag? FlagOf(string key, DaemonFlags flags)
    {
        if (FlagNames.TryGetValue(key, out var name))
            return flags.All.Find(name);
        return FlagOnly.Contains(key) || FlagNames.ContainsValue(key) ? null : flags.All.Find(key);
    }

    /// <summary>What the file's value would be on the command line, one word a time.</summary>
    private static IEnumerable<string> Values(string key, JsonElement value, Flag flag) => (value.ValueKind, flag) switch
    {
        (JsonValueKind.Object, _) when key == "runtimes" => Members(value, runtime => $"{runtime.Name}={Runtime(runtime)}"),
        (JsonValueKind.Object, _) when key == "log-opts" => Members(value, option => $"{option.Name}={Text(key, option.Value, "string")}"),
        (JsonValueKind.Array, ListFlag) when key == "default-address-pools" => value.EnumerateArray().Select(Pool),
        (JsonValueKind.Array, ListFlag) when key is not ("runtimes" or "log-opts") => value.EnumerateArray().Select(item => Text(key, item, "string")),
        (JsonValueKind.True or JsonValueKind.False, ValueFlag<bool>) => [value.GetBoolean() ? "true" : "false"],
        (JsonValueKind.Number, ValueFlag<long>) => [value.GetRawText()],
        (JsonValueKind.String, ValueFlag<string>) => [value.GetString()!],
        _ => throw Wrong(key, value, flag switch { ValueFlag<bool> => "bool", ValueFlag<long> => "int", ListFlag => key is "runtimes" or "log-opts" ? "map[string]string" : "[]string", _ => "string" }),
    };

    private static List<string> Members(JsonElement value, Converter<JsonProperty, string> text) => value.EnumerateObject().ToList().ConvertAll(text);

    private static string Runtime(JsonProperty runtime)
    {
        string? target = null;
        foreach (var part in runtime.Value.ValueKind == JsonValueKind.Object ? runtime.Value.EnumerateObject().ToList() : throw Wrong("runtimes", runtime.Value, "map[string]system.Runtime"))
        {
            target = part.Name switch
            {
                "path" or "runtimeType" => Text("runtimes." + part.Name, part.Value, "string"),
                _ => throw new FlagException($"runtime {runtime.Name}: {part.Name} is not supported: give path or runtimeType"),
            };
        }

        return target ?? throw new FlagException($"runtime {runtime.Name}: either a runtimeType or a path must be configured");
    }

    private static string Pool(JsonElement pool)
    {
        if (pool.ValueKind != JsonValueKind.Object || !pool.TryGetProperty("base", out var subnet) || !pool.TryGetProperty("size", out var size))
            throw new FlagException("default-address-pools: each must have a base and a size");
        return $"base={Text("default-address-pools", subnet, "string")},size={size.GetRawText()}";
    }

    private static string Text(string key, JsonElement value, string type) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Wrong(key, value, type);

    private static FlagException Wrong(string key, JsonElement value, string type)
    {
        var kind = value.ValueKind switch { JsonValueKind.True or JsonValueKind.False => "bool", var other => other.ToString().ToLowerInvariant() };
        return new FlagException($"invalid JSON: json: cannot unmarshal {kind} into Go struct field Config.{key} of type {type}");
    }

    private static string Show(Flag flag, string key) => flag switch
    {
        ListFlag list when key == "log-opts" => $"map[{string.Join(' ', list.Values.Select(value => value.Replace('=', ':')))}]",
        ListFlag list => $"[{string.Join(' ', list.Values)}]",
        ValueFlag<bool> one => one.Value ? "true" : "false",
        ValueFlag<long> one => one.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ValueFlag<string> one => one.Value,
        _ => "",
    };

    /// <summary>As Go prints the value.</summary>
    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(' ', value.EnumerateArray().Select(Show))}]",
        JsonValueKind.Object => $"map[{string.Join(' ', Members(value, one => $"{one.Name}:{Show(one.Value)}"))}]",
        _ => value.ToString() is var text && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? text.ToLowerInvariant() : text,
    };

    private static NaruException Fail(string path, string why) => NaruException.Invalid($"unable to configure the Naru daemon with file {path}: {why}");
}
