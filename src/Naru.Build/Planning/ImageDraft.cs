using System.Globalization;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>An image's config while its stage is planned.</summary>
internal sealed class ImageDraft
{
    private const string Comment = "buildkit.dockerfile.v0";

    private readonly List<HistoryEntry> history = [];

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
        return draft;
    }

    public ImageDraft Clone()
    {
        var clone = new ImageDraft { Platform = Platform, Author = Author, Config = Config };
        clone.history.AddRange(history);
        return clone;
    }

    /// <summary>Adds a line to the history.</summary>
    /// <param name="makesLayer">Its time is then that of the layer, unless an epoch stands for it.</param>
    public void Commit(string createdBy, bool makesLayer, DateTimeOffset? epoch) => history.Add(new HistoryEntry
    {
        Created = epoch?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        CreatedBy = createdBy,
        Comment = Comment,
        EmptyLayer = !makesLayer,
    });

    public ImageConfig ToConfig() => new()
    {
        Author = Author,
        Architecture = Platform.Architecture,
        Variant = Platform.Variant,
        Os = Platform.Os,
        OsVersion = Platform.OsVersion,
        OsFeatures = Platform.OsFeatures,
        // Go's encoder leaves empty lists out.
        Config = Config with
        {
            Cmd = Config.Cmd is { Count: > 0 } ? Config.Cmd : null,
            Entrypoint = Config.Entrypoint is { Count: > 0 } ? Config.Entrypoint : null,
            OnBuild = Config.OnBuild is { Count: > 0 } ? Config.OnBuild : null,
        },
        History = [.. history],
    };
}
