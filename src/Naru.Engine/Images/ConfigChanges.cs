using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Base.Flags;
using Naru.Base.Units;
using Naru.Oci;

namespace Naru.Engine.Images;

/// <summary>The Dockerfile instructions that <c>commit</c> and <c>import</c> take as changes to an image's config.</summary>
public static class ConfigChanges
{
    /// <exception cref="NaruException">InvalidArgument: an instruction that changes no config, or one that is malformed.</exception>
    public static ContainerDefaults Apply(ContainerDefaults config, IEnumerable<string> changes)
    {
        var commanded = false;
        foreach (var line in changes.SelectMany(change => change.Split('\n')).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#'))
        {
            var space = line.AsSpan().IndexOfAny(' ', '\t');
            var (word, rest) = space < 0 ? (line, "") : (line[..space], line[space..].Trim());
            commanded |= word.Equals("CMD", StringComparison.OrdinalIgnoreCase);
            config = One(config, word, rest, commanded);
        }

        return config;
    }

    private static ContainerDefaults One(ContainerDefaults config, string word, string rest, bool commanded)
    {
        var expanded = Expand(rest, config.Env);
        return word.ToUpperInvariant() switch
        {
            "CMD" => config with { Cmd = Command(rest) },
            "ENTRYPOINT" => config with { Entrypoint = Command(rest), Cmd = commanded ? config.Cmd : null },
            "ENV" => config with { Env = Environment(config.Env ?? [], Pairs(word, expanded)) },
            "EXPOSE" => config with { ExposedPorts = Ports(config.ExposedPorts, Words(Need(word, expanded))) },
            "HEALTHCHECK" => config with { Healthcheck = Health(Need(word, rest)) },
            "LABEL" => config with { Labels = Merge(config.Labels, Pairs(word, expanded)) },
            "ONBUILD" => config with { OnBuild = [.. config.OnBuild ?? [], Trigger(Need(word, rest))] },
            "STOPSIGNAL" => config with { StopSignal = Need(word, expanded) },
            "USER" => config with { User = Need(word, expanded) },
            "VOLUME" => config with { Volumes = Volumes(config.Volumes, List(Need(word, expanded)) ?? Words(expanded)) },
            "WORKDIR" => config with { WorkingDir = Folder(config.WorkingDir, Need(word, expanded)) },
            _ => throw NaruException.Invalid($"{word} is not a valid change command"),
        };
    }

    private static string Need(string word, string rest) =>
        rest.Length > 0 ? rest : throw NaruException.Invalid($"{word.ToUpperInvariant()} requires at least one argument");

    /// <summary>A JSON list is run as it is, anything else by the shell.</summary>
    private static IReadOnlyList<string> Command(string text) => List(text) ?? (text.Length == 0 ? [] : ["/bin/sh", "-c", text]);

    private static List<string>? List(string text)
    {
        if (!text.StartsWith('['))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String) ? null
                : [.. document.RootElement.EnumerateArray().Select(item => item.GetString()!)];
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static List<string> Environment(IReadOnlyList<string> old, IEnumerable<(string Name, string Value)> pairs)
    {
        List<string> result = [.. old];
        foreach (var (name, value) in pairs)
        {
            var at = result.FindIndex(known => known.StartsWith(name + "=", StringComparison.Ordinal));
            if (at < 0)
                result.Add($"{name}={value}");
            else
                result[at] = $"{name}={value}";
        }

        return result;
    }

    private static SortedDictionary<string, string> Merge(IReadOnlyDictionary<string, string>? old, IEnumerable<(string Name, string Value)> pairs)
    {
        var result = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in old ?? new Dictionary<string, string>())
            result[name] = value;
        foreach (var (name, value) in pairs)
            result[name] = value;
        return result;
    }

    /// <summary><c>name=value …</c>, or the old <c>name value</c>.</summary>
    private static List<(string Name, string Value)> Pairs(string word, string text)
    {
        var words = Words(Need(word, text));
        if (!words[0].Contains('='))
        {
            var name = words[0];
            return words.Count > 1 ? [(name, text[name.Length..].Trim())] : throw NaruException.Invalid($"{word.ToUpperInvariant()} must have two arguments");
        }

        List<(string, string)> pairs = [];
        foreach (var pair in words)
        {
            var equals = pair.IndexOf('=');
            if (equals < 0)
                throw NaruException.Invalid($"Syntax error - can't find = in \"{pair}\". Must be of the form: name=value");
            if (equals == 0)
                throw NaruException.Invalid($"{word.ToUpperInvariant()} names can not be blank");
            pairs.Add((pair[..equals], pair[(equals + 1)..]));
        }

        return pairs;
    }

    /// <summary>Split at blanks, with quotes and backslashes taken away.</summary>
    private static List<string> Words(string text)
    {
        List<string> words = [];
        var word = new StringBuilder();
        var (quote, begun) = ('\0', false);
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c == '\\' && quote != '\'' && at + 1 < text.Length)
            {
                word.Append(text[++at]);
                begun = true;
            }
            else if (quote == '\0' && c is '"' or '\'' || c == quote)
            {
                quote = quote == '\0' ? c : '\0';
                begun = true;
            }
            else if (quote == '\0' && c is ' ' or '\t')
            {
                if (begun)
                    words.Add(word.ToString());
                word.Clear();
                begun = false;
            }
            else
            {
                word.Append(c);
                begun = true;
            }
        }

        if (begun)
            words.Add(word.ToString());
        return words;
    }

    private static SortedDictionary<string, EmptyObject> Ports(IReadOnlyDictionary<string, EmptyObject>? old, List<string> words)
    {
        var result = Keys(old);
        foreach (var word in words)
        {
            var parts = word.Split('/');
            var ends = parts[0].Split('-');
            var protocol = parts.Length > 1 ? parts[1].ToLowerInvariant() : "tcp";
            if (parts.Length > 2 || ends.Length > 2 || protocol is not ("tcp" or "udp" or "sctp") || !ushort.TryParse(ends[0], out var first) || !ushort.TryParse(ends[^1], out var last) || last < first)
                throw NaruException.Invalid($"invalid containerPort: {word}");
            for (int port = first; port <= last; port++)
                result[$"{port}/{protocol}"] = new EmptyObject();
        }

        return result;
    }

    private static SortedDictionary<string, EmptyObject> Volumes(IReadOnlyDictionary<string, EmptyObject>? old, List<string> paths)
    {
        var result = Keys(old);
        foreach (var path in paths)
            result[path.Trim().Length > 0 ? path.Trim() : throw NaruException.Invalid("VOLUME specified can not be an empty string")] = new EmptyObject();
        return result;
    }

    private static SortedDictionary<string, EmptyObject> Keys(IReadOnlyDictionary<string, EmptyObject>? old)
    {
        var result = new SortedDictionary<string, EmptyObject>(StringComparer.Ordinal);
        foreach (var name in old?.Keys ?? [])
            result[name] = new EmptyObject();
        return result;
    }

    private static string Folder(string? old, string path) => Path.GetFullPath(Path.Combine(string.IsNullOrEmpty(old) ? "/" : old, path));

    private static string Trigger(string text) => text.Split(' ', 2)[0].ToUpperInvariant() switch
    {
        "ONBUILD" => throw NaruException.Invalid("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"),
        "MAINTAINER" or "FROM" => throw NaruException.Invalid($"{text.Split(' ', 2)[0].ToUpperInvariant()} isn't allowed as an ONBUILD trigger"),
        _ => text,
    };

    private static Healthcheck Health(string text)
    {
        var check = new Healthcheck();
        while (text.StartsWith("--", StringComparison.Ordinal))
        {
            var end = text.IndexOf(' ');
            var (flag, rest) = end < 0 ? (text, "") : (text[..end], text[end..].Trim());
            var equals = flag.IndexOf('=');
            var (name, value) = equals < 0 ? (flag, "") : (flag[..equals], flag[(equals + 1)..]);
            check = name switch
            {
                "--interval" => check with { Interval = Duration(value) },
                "--timeout" => check with { Timeout = Duration(value) },
                "--start-period" => check with { StartPeriod = Duration(value) },
                "--start-interval" => check with { StartInterval = Duration(value) },
                "--retries" => check with { Retries = int.TryParse(value, out var retries) && retries >= 0 ? retries : throw NaruException.Invalid($"--retries must be at least 1 (not {value})") },
                _ => throw NaruException.Invalid($"unknown flag: {name[2..]}"),
            };
            text = rest;
        }

        var space = text.IndexOf(' ');
        var (kind, command) = space < 0 ? (text, "") : (text[..space], text[space..].Trim());
        return kind.ToUpperInvariant() switch
        {
            "NONE" when command.Length == 0 => check with { Test = ["NONE"] },
            "NONE" => throw NaruException.Invalid("HEALTHCHECK NONE takes no arguments"),
            "CMD" when command.Length > 0 => check with { Test = List(command) is { } words ? ["CMD", .. words] : ["CMD-SHELL", command] },
            "CMD" => throw NaruException.Invalid("Missing command after HEALTHCHECK CMD"),
            _ => throw NaruException.Invalid($"Unknown type \"{kind}\" in HEALTHCHECK (try CMD)"),
        };
    }

    private static long Duration(string text)
    {
        try
        {
            return GoDuration.Parse(text);
        }
        catch (FlagException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, e.Message, e);
        }
    }

    /// <summary><c>$NAME</c> and <c>${NAME}</c> become what the image's environment has; not in single quotes, not after a backslash.</summary>
    private static string Expand(string text, IReadOnlyList<string>? environment)
    {
        var result = new StringBuilder();
        var single = false;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '\'')
                single = !single;
            if (text[at] == '\\' && at + 1 < text.Length)
            {
                result.Append(text[at]).Append(text[++at]);
                continue;
            }

            if (text[at] != '$' || single)
            {
                result.Append(text[at]);
                continue;
            }

            var braces = at + 1 < text.Length && text[at + 1] == '{';
            var start = at + (braces ? 2 : 1);
            var end = start;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] == '_'))
                end++;
            if (end == start || (braces && (end == text.Length || text[end] != '}')))
                throw NaruException.Invalid($"unsupported variable in \"{text}\": only $NAME and ${{NAME}} are");
            var name = text[start..end] + "=";
            result.Append(environment?.FirstOrDefault(pair => pair.StartsWith(name, StringComparison.Ordinal))?[name.Length..]);
            at = braces ? end : end - 1;
        }

        return result.ToString();
    }
}
