using System.Collections.Concurrent;
using Naru.Oci;

namespace Naru.Hub.Accounts.Limits;

/// <summary>Which manifests an index led whom to, for a minute: to fetch the index and then the image for one's platform is one pull, as Docker Hub counts.</summary>
internal sealed class LedPulls(TimeProvider clock)
{
    private const int Most = 20_000;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, long> seen = new(StringComparer.Ordinal);

    public void Add(string who, Digest manifest)
    {
        // A flood makes everybody's forgotten: then a pull counts twice.
        if (seen.Count >= Most)
            seen.Clear();
        seen[$"{who} {manifest}"] = clock.GetTimestamp();
    }

    public bool Has(string who, Digest manifest) => seen.TryGetValue($"{who} {manifest}", out var at) && clock.GetElapsedTime(at) < Life;
}
