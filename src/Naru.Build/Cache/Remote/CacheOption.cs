namespace Naru.Build.Cache.Remote;

/// <summary>A cache elsewhere, as a client names it: <c>--cache-from</c> and <c>--cache-to</c>.</summary>
public sealed record CacheOption
{
    /// <summary>BuildKit's <c>registry</c>, <c>local</c>, <c>inline</c>; and <c>image</c>: one of the engine's own or, if it has none of that name, its registry's.</summary>
    public required string Type { get; init; }

    /// <summary><c>ref</c>, <c>src</c>, <c>dest</c>, <c>digest</c>, <c>mode</c> …</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>An attribute; empty: it is not given.</summary>
    public string this[string name] => Attributes.TryGetValue(name, out var value) ? value : "";

    /// <summary>Images, or caches in registries, by their names alone.</summary>
    public static IReadOnlyList<CacheOption> Of(string type, IReadOnlyList<string> references)
    {
        var options = new List<CacheOption>();
        foreach (var reference in references)
            options.Add(new CacheOption { Type = type, Attributes = new Dictionary<string, string> { ["ref"] = reference } });
        return options;
    }
}
