using System.Text.Json;
using Naru.Cli.Build.Session;
using Naru.Cli.Terminal;

namespace Naru.Cli.Build.Solve;

/// <summary>Caches in folders of ours: type=local. Their blobs the builder reads and writes over the session; their indexes are read and written here.</summary>
internal sealed class CacheFolders(ContentService content)
{
    private const string Kind = "local", Latest = "latest", ManifestResponse = "cache.manifest";
    private readonly List<CacheOption> written = [];

    /// <summary>Lends the folders that options name.</summary>
    /// <returns>The options as the builder is to have them: with the digest that a tag stands for, and without folders that are not there.</returns>
    /// <exception cref="NaruException">A folder is not named, or holds no such cache.</exception>
    public BuildOptions Prepare(BuildOptions options)
    {
        var from = new List<CacheOption>();
        foreach (var option in options.CacheFrom)
        {
            if (option.Type != Kind)
                from.Add(option);
            else if (Find(option) is { } found)
                from.Add(found);
        }

        foreach (var option in options.CacheTo)
        {
            if (option.Type != Kind)
                continue;
            content.Lend(Needed(option, "dest", "local cache exporter requires dest"));
            written.Add(option);
        }

        return options with { CacheFrom = from };
    }

    /// <summary>Writes down where the caches begin that the builder has written.</summary>
    public void Finish(IDictionary<string, string> response)
    {
        if (!response.TryGetValue(ManifestResponse, out var manifest) || manifest.Length == 0)
            return;
        foreach (var option in written)
            LayoutIndex.Put(option.Attributes["dest"], manifest, option.Attributes.GetValueOrDefault("tag", Latest));
    }

    private CacheOption? Find(CacheOption option)
    {
        var folder = Needed(option, "src", "local cache importer requires src");
        if (!option.Attributes.ContainsKey("digest"))
        {
            string? digest;
            try
            {
                digest = LayoutIndex.Find(folder, option.Attributes.GetValueOrDefault("tag", Latest));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
            {
                Streams.ErrorLine($"WARNING: local cache import at {folder} not found due to err: {e.Message}");
                return null;
            }

            if (digest is null)
                throw NaruException.Invalid("local cache importer requires either explicit digest, \"latest\" tag or custom tag on index.json");
            option = option with { Attributes = new Dictionary<string, string>(option.Attributes) { ["digest"] = digest } };
        }

        content.Lend(folder);
        return option;
    }

    private static string Needed(CacheOption option, string name, string message) =>
        option.Attributes.TryGetValue(name, out var folder) && folder.Length > 0 ? folder : throw NaruException.Invalid(message);
}
