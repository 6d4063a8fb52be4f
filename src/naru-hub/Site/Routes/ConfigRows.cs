using Naru.Hub.Catalogue;
using Naru.HubServer.Site.Models;
using Naru.Oci;

namespace Naru.HubServer.Site.Routes;

/// <summary>An image's config as names and values; the names are keys of <see cref="Locale.Texts.ConfigName"/>.</summary>
internal static class ConfigRows
{
    public static List<ConfigRow> Of(ImageConfig? config)
    {
        List<ConfigRow> rows = [];
        if (config is null)
            return rows;
        var defaults = config.Config;
        Add("User", defaults?.User);
        Add("Working directory", defaults?.WorkingDir);
        Add("Entrypoint", List(defaults?.Entrypoint));
        Add("Command", List(defaults?.Cmd));
        Add("Ports", Keys(defaults?.ExposedPorts));
        Add("Volumes", Keys(defaults?.Volumes));
        Add("Stop signal", defaults?.StopSignal);
        Add("Health check", List(defaults?.Healthcheck?.Test));
        Add("Author", config.Author);
        return rows;

        void Add(string name, string? value)
        {
            if (value is { Length: > 0 })
                rows.Add(new ConfigRow(name, value));
        }
    }

    /// <summary>The config's labels, and the annotations of the manifest that say something else.</summary>
    public static List<ConfigRow> Labels(ImageDetails image)
    {
        List<ConfigRow> rows = [];
        var labels = image.Config?.Config?.Labels;
        foreach (var label in labels ?? new Dictionary<string, string>())
            rows.Add(new ConfigRow(label.Key, label.Value));
        foreach (var annotation in image.Manifest.Annotations ?? new Dictionary<string, string>())
        {
            if (labels?.GetValueOrDefault(annotation.Key) != annotation.Value)
                rows.Add(new ConfigRow(annotation.Key, annotation.Value));
        }

        rows.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return rows;
    }

    private static string? List(IReadOnlyList<string>? words)
    {
        if (words is not { Count: > 0 })
            return null;
        List<string> quoted = new(words.Count);
        foreach (var word in words)
            quoted.Add($"\"{word.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        return $"[{string.Join(", ", quoted)}]";
    }

    private static string? Keys(IReadOnlyDictionary<string, EmptyObject>? set)
    {
        List<string> keys = [.. set?.Keys ?? []];
        keys.Sort(StringComparer.Ordinal);
        return string.Join(", ", keys);
    }
}
