namespace Naru.Build.Cache.Remote;

/// <summary>A cache elsewhere, as a client names it: <c>--cache-from</c> and <c>--cache-to</c>.</summary>
public sealed record CacheOption
{
    /// <summary>BuildKit's: <c>registry</c>, <c>local</c>, <c>inline</c>.</summary>
    public required string Type { get; init; }

    /// <summary><c>ref</c>, <c>src</c>, <c>dest</c>, <c>digest</c>, <c>mode</c> …</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init; } = new Dictionary<string, string>();

    /// <summary>An attribute; empty: it is not given.</summary>
    public string this[string name] => Attributes.TryGetValue(name, out var value) ? value : "";
}
