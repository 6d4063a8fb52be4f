using System.Text;
using System.Text.Json;
using Naru.Base;

namespace Naru.Containerd;

/// <summary>Labels: how they are stored (a JSON object), validated and updated by field paths.</summary>
public static class Labels
{
    /// <summary>A key and its value together may have this many bytes (containerd's labels.Validate).</summary>
    private const int MaxSize = 4096;

    public static string Format(IReadOnlyDictionary<string, string> labels)
    {
        if (labels.Count == 0)
            return "{}";
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (key, value) in labels)
                writer.WriteString(key, value);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    public static Dictionary<string, string> Parse(string text)
    {
        var labels = new Dictionary<string, string>();
        if (text == "{}")
            return labels;
        using var document = JsonDocument.Parse(text);
        foreach (var property in document.RootElement.EnumerateObject())
            labels[property.Name] = property.Value.GetString() ?? string.Empty;
        return labels;
    }

    /// <exception cref="NaruException">InvalidArgument: a label is too long.</exception>
    public static void Validate(IReadOnlyDictionary<string, string> labels)
    {
        foreach (var (key, value) in labels)
        {
            var size = Encoding.UTF8.GetByteCount(key) + Encoding.UTF8.GetByteCount(value);
            if (size > MaxSize)
                throw NaruException.Invalid($"label key and value length ({size} bytes) greater than maximum size ({MaxSize} bytes), key: {(key.Length > 10 ? key[..10] : key)}: invalid argument");
        }
    }

    /// <summary>What the labels are after an update: <c>labels</c> replaces all, <c>labels.KEY</c> one (an empty value removes it).</summary>
    /// <param name="paths">The update's field paths; none replaces all.</param>
    /// <exception cref="NaruException">InvalidArgument: a path is something other than labels.</exception>
    public static Dictionary<string, string> Update(IReadOnlyDictionary<string, string> current, IReadOnlyDictionary<string, string> wanted, IReadOnlyList<string> paths, string what)
    {
        var result = new Dictionary<string, string>(paths.Count == 0 ? wanted : current);
        foreach (var path in paths)
        {
            if (path == "labels")
                result = new Dictionary<string, string>(wanted);
            else if (path.StartsWith("labels.", StringComparison.Ordinal))
                Set(result, path["labels.".Length..], wanted);
            else
                throw NaruException.Invalid($"cannot update \"{path}\" field on {what}: invalid argument");
        }

        foreach (var empty in result.Where(p => p.Value.Length == 0 && paths.Count > 0).Select(p => p.Key).ToList())
            result.Remove(empty);
        Validate(result);
        return result;
    }

    private static void Set(Dictionary<string, string> labels, string key, IReadOnlyDictionary<string, string> wanted)
    {
        if (wanted.TryGetValue(key, out var value) && value.Length > 0)
            labels[key] = value;
        else
            labels.Remove(key);
    }
}
