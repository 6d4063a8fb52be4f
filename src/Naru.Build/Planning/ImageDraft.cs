using System.Globalization;
using Naru.Base;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>An image's config while its stage is planned.</summary>
internal sealed class ImageDraft
{
    private const string Comment = "buildkit.dockerfile.v0";

    // Far more than any image has; a Dockerfile could ask for gigabytes.
    private const int LongestHistory = 16 << 20, MostLayers = 500;

    private readonly List<HistoryEntry> history = [];
    private int length;
    private int layers;

    private ImageDraft()
    {
    }

    public Platform Platform { get; set; } = new();

    public string? Author { get; set; }

    public ContainerDefaults Config { get; set; } = new();

    /// <summary>Of nothing.</summary>
    public static ImageDraft Scratch(Platform platform) => new() { Platform = platform, Config = new ContainerDefaults { WorkingDir = "/" } };

    /// <summary>On an image; what only a container that was committed has is left behind.</summary>
    public static ImageDraft On(ImageConfig image)
    {
        var from = image.Config ?? new ContainerDefaults();
        var draft = new ImageDraft
        {
            Platform = image.Platform,
            Author = image.Author,
            Config = new ContainerDefaults
            {
                User = from.User,
                ExposedPorts = from.ExposedPorts,
                Env = from.Env,
                Entrypoint = from.Entrypoint,
                Cmd = from.Cmd,
                Volumes = from.Volumes,
                WorkingDir = from.WorkingDir,
                Labels = from.Labels,
                StopSignal = from.StopSignal,
                ArgsEscaped = from.ArgsEscaped,
                Healthcheck = from.Healthcheck,
                OnBuild = from.OnBuild,
                Shell = from.Shell,
            },
        };
        draft.history.AddRange(image.History ?? []);
        draft.layers = image.RootFs.DiffIds.Count;
        return draft;
    }

    public ImageDraft Clone()
    {
        var clone = new ImageDraft { Platform = Platform, Author = Author, Config = Config, length = length, layers = layers };
        clone.history.AddRange(history);
        return clone;
    }

    /// <summary>Adds a line to the history.</summary>
    /// <param name="makesLayer">Its time is then that of the layer, unless an epoch stands for it.</param>
    /// <exception cref="NaruException">InvalidArgument: it is more than an image can have.</exception>
    public void Commit(string createdBy, bool makesLayer, DateTimeOffset? epoch)
    {
        length += createdBy.Length;
        if (length > LongestHistory)
            throw NaruException.Invalid("the image's history is too long");
        if (makesLayer && ++layers > MostLayers)
            throw NaruException.Invalid("max depth exceeded");
        history.Add(new HistoryEntry
        {
            Created = epoch?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            CreatedBy = createdBy,
            Comment = Comment,
            EmptyLayer = !makesLayer,
        });
    }

    public ImageConfig ToConfig() => new()
    {
        Author = Author,
        Architecture = Platform.Architecture,
        Variant = Platform.Variant,
        Os = Platform.Os,
        OsVersion = Platform.OsVersion,
        OsFeatures = Platform.OsFeatures,
        // Go's encoder leaves empty lists out, and sorts maps.
        Config = Config with
        {
            ExposedPorts = Sorted(Config.ExposedPorts),
            Volumes = Sorted(Config.Volumes),
            Labels = Sorted(Config.Labels),
            Cmd = Config.Cmd is { Count: > 0 } ? Config.Cmd : null,
            Entrypoint = Config.Entrypoint is { Count: > 0 } ? Config.Entrypoint : null,
            OnBuild = Config.OnBuild is { Count: > 0 } ? Config.OnBuild : null,
        },
        History = [.. history],
    };

    private static SortedDictionary<string, T>? Sorted<T>(IReadOnlyDictionary<string, T>? map)
        where T : class
    {
        if (map is null)
            return null;
        var sorted = new SortedDictionary<string, T>(StringComparer.Ordinal);
        foreach (var (key, value) in map)
            sorted[key] = value;
        return sorted;
    }
}
