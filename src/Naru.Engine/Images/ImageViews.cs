using System.Text.Json;
using Naru.Api;
using Naru.Base.Units;

namespace Naru.Engine.Images;

/// <summary>One image as GET /images/NAME/json shows it.</summary>
public sealed class ImageViews(ImageStore images)
{
    /// <summary>What Docker shows of a config even where the image says nothing.</summary>
    private static readonly (string Name, string Empty)[] Always =
        [("Cmd", "null"), ("Entrypoint", "null"), ("Env", "null"), ("Labels", "null"), ("OnBuild", "null"), ("User", "\"\""), ("Volumes", "null"), ("WorkingDir", "\"\"")];

    /// <summary>What it shows where the image says something. The rest of a config is not for images (Hostname, Tty…).</summary>
    private static readonly string[] Sometimes = ["ArgsEscaped", "ExposedPorts", "Healthcheck", "Shell", "StopSignal"];

    /// <exception cref="Naru.Base.NaruException">NotFound: <c>No such image: NAME</c>.</exception>
    public async Task<ImageInspect> Inspect(string reference, CancellationToken cancel)
    {
        var image = await images.Get(reference, cancel);
        using var document = JsonDocument.Parse(await images.Config(image, cancel));
        var tagged = image.Names.Select(name => name.Tagged).OfType<string>().Max(StringComparer.Ordinal);
        return new ImageInspect
        {
            Id = image.Id.ToString(),
            RepoTags = image.Tags,
            RepoDigests = image.Digests,
            Comment = image.Config.Comment is { Length: > 0 } comment ? comment : image.Config.History is { Count: > 0 } history ? history[^1].Comment ?? "" : "",
            Created = image.Config.Created ?? "",
            DockerVersion = image.Config.DockerVersion ?? "",
            Author = image.Config.Author ?? "",
            Config = Config(document.RootElement.TryGetProperty("config", out var config) && config.ValueKind == JsonValueKind.Object ? config : null),
            Architecture = image.Config.Architecture,
            Variant = image.Config.Variant,
            Os = image.Config.Os,
            OsVersion = image.Config.OsVersion,
            Size = await images.Size(image, cancel),
            RootFS = new ImageRootFs { Layers = [.. image.Config.RootFs.DiffIds.Select(diffId => diffId.ToString())] },
            Metadata = new ImageMetadata { LastTagTime = tagged ?? GoTime.Nano(DateTimeOffset.MinValue) },
        };
    }

    internal static JsonElement Config(JsonElement? config)
    {
        var shown = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, empty) in Always)
            shown[name] = config?.TryGetProperty(name, out var value) == true && value.ValueKind != JsonValueKind.Null ? Sorted(value) : JsonDocument.Parse(empty).RootElement;
        foreach (var name in Sometimes)
        {
            if (config?.TryGetProperty(name, out var value) == true && value.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
                shown[name] = Sorted(value);
        }

        return JsonSerializer.SerializeToElement(shown, ApiJson.Default.SortedDictionaryStringJsonElement);
    }

    /// <summary>An object's names in order, as Go writes its maps.</summary>
    private static JsonElement Sorted(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return value;
        var sorted = new SortedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
            sorted[property.Name] = property.Value;
        return JsonSerializer.SerializeToElement(sorted, ApiJson.Default.SortedDictionaryStringJsonElement);
    }
}
