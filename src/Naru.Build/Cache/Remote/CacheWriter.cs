using System.Text.Json;
using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>Writes what a build knows of its steps as BuildKit's cache document: steps in the order of their keys, layers in that of the steps.</summary>
internal sealed class CacheWriter
{
    private readonly List<CacheDocument.Layer> layers = [];
    private readonly List<Descriptor> blobs = [];
    private readonly Dictionary<(Digest Blob, int Parent), int> places = [];
    private readonly HashSet<Digest> described = [];
    private readonly List<(SolvedStep Step, CacheDocument.Result? Result)> steps = [];

    /// <summary>The blobs of all layers, each once, as manifests list them.</summary>
    public IReadOnlyList<Descriptor> Blobs => blobs;

    /// <param name="result">The step's whole result, lowest first; null: the cache is not to have it.</param>
    public void Add(SolvedStep step, IReadOnlyList<CachedLayer>? result)
    {
        CacheDocument.Result? top = null;
        var parent = -1;
        foreach (var layer in result ?? [])
        {
            parent = Place(layer, parent);
            top = new CacheDocument.Result { Layer = parent, CreatedAt = layer.Created };
        }

        steps.Add((step, top));
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(new CacheDocument { Layers = layers, Records = Records(steps) }, RemoteCacheJson.Default.CacheDocument);

    /// <summary>The records alone, as an image's config has them, with the image's own layers.</summary>
    /// <param name="image">The diff ids of the image's layers, lowest first.</param>
    /// <param name="known">The diff ids of a step's result; null: it has none, or not all are known.</param>
    /// <returns>Null: no step's result is of the image's layers.</returns>
    public static byte[]? WriteInline(IReadOnlyList<SolvedStep> solved, IReadOnlyList<Digest> image, Func<SolvedStep, IReadOnlyList<Digest>?> known)
    {
        var steps = new List<(SolvedStep Step, CacheDocument.Result? Result)>();
        var any = false;
        foreach (var step in solved)
        {
            var result = known(step) is { } chain && Begins(image, chain) ? new CacheDocument.Result { Layer = chain.Count - 1, CreatedAt = step.Result.Layers[^1].Record?.Created ?? step.Result.Layers[^1].Created } : null;
            any |= result is not null;
            steps.Add((step, result));
        }

        return any ? JsonSerializer.SerializeToUtf8Bytes(Records(steps), RemoteCacheJson.Default.IReadOnlyListRecord) : null;
    }

    private static bool Begins(IReadOnlyList<Digest> image, IReadOnlyList<Digest> chain)
    {
        if (chain.Count == 0 || chain.Count > image.Count)
            return false;
        for (var number = 0; number < chain.Count; number++)
        {
            if (image[number] != chain[number])
                return false;
        }

        return true;
    }

    private int Place(CachedLayer layer, int parent)
    {
        if (described.Add(layer.Blob.Digest))
            blobs.Add(CacheAnnotations.Describe(layer.Blob, layer.DiffId, layer.Created));
        if (places.TryGetValue((layer.Blob.Digest, parent), out var place))
            return place;
        layers.Add(new CacheDocument.Layer { Blob = layer.Blob.Digest, Parent = parent });
        return places[(layer.Blob.Digest, parent)] = layers.Count - 1;
    }

    private static IReadOnlyList<CacheDocument.Record> Records(List<(SolvedStep Step, CacheDocument.Result? Result)> steps)
    {
        var sorted = new List<(SolvedStep Step, CacheDocument.Result? Result)>(steps);
        sorted.Sort(static (one, other) => string.CompareOrdinal(one.Step.Keys[0].ToString(), other.Step.Keys[0].ToString()));
        var links = new Dictionary<Digest, int>();
        for (var number = 0; number < sorted.Count; number++)
            links[sorted[number].Step.Step.Digest] = number;
        var records = new List<CacheDocument.Record>();
        foreach (var (step, result) in sorted)
        {
            records.Add(new CacheDocument.Record
            {
                Digest = step.Keys[0],
                Aliases = step.Keys.Count > 1 ? [.. step.Keys.Skip(1)] : null,
                Inputs = Inputs(step.Step, links),
                Results = result is null ? null : [result],
            });
        }

        return records;
    }

    private static List<IReadOnlyList<CacheDocument.Input>>? Inputs(Step step, Dictionary<Digest, int> links)
    {
        List<IReadOnlyList<CacheDocument.Input>> inputs = [];
        foreach (var input in step.Inputs)
        {
            if (links.TryGetValue(input.Digest, out var link))
                inputs.Add([new CacheDocument.Input { Link = link }]);
        }

        return inputs.Count > 0 ? inputs : null;
    }
}
