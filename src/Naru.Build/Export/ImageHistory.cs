using Naru.Base.Units;
using Naru.Oci;

namespace Naru.Build.Export;

/// <summary>Brings an image's history and its layers together, as BuildKit does.</summary>
internal static class ImageHistory
{
    /// <summary>Gives every entry that stands for a layer the time that layer was made; those without a layer take the time of what is before them.</summary>
    /// <param name="layers">All layers of the image, lowest first.</param>
    /// <param name="epoch">«now» of a reproducible build: nothing is younger.</param>
    public static IReadOnlyList<HistoryEntry> Complete(IReadOnlyList<HistoryEntry> history, IReadOnlyList<ExportedLayer> layers, DateTimeOffset? epoch)
    {
        List<HistoryEntry> result = [];
        var next = 0;
        foreach (var entry in history)
        {
            if (entry.EmptyLayer)
            {
                result.Add(entry);
                continue;
            }

            var layer = next < layers.Count ? layers[next++] : null;
            result.Add(entry.Created is null && layer?.Created is { } created ? entry with { Created = GoTime.Nano(Clamp(created, epoch)) } : entry);
        }

        for (; next < layers.Count; next++)
            result.Add(new HistoryEntry { Created = layers[next].Created is { } created ? GoTime.Nano(Clamp(created, epoch)) : null, CreatedBy = layers[next].Description, Comment = "buildkit.exporter.image.v0" });

        return Timed(result, epoch);
    }

    private static IReadOnlyList<HistoryEntry> Timed(List<HistoryEntry> history, DateTimeOffset? epoch)
    {
        // The first new layer's time; without one, the last time there is.
        string? created = null;
        var missing = false;
        foreach (var entry in history)
        {
            if (entry.Created is null)
            {
                missing = true;
                continue;
            }

            created = entry.Created;
            if (missing)
                break;
        }

        created ??= epoch is { } fixedTime ? GoTime.Nano(fixedTime) : null;
        missing = false;
        for (var number = 0; number < history.Count; number++)
        {
            if (history[number].Created is { } known)
            {
                if (missing)
                    created = known;
            }
            else
            {
                missing = true;
                history[number] = history[number] with { Created = created };
            }
        }

        return history;
    }

    private static DateTimeOffset Clamp(DateTimeOffset time, DateTimeOffset? epoch) => epoch is { } limit && time > limit ? limit : time;
}
