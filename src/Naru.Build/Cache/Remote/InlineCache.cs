using Naru.Build.Export;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>The cache that an image carries in its own config: which of its layers are which steps' results.</summary>
internal static class InlineCache
{
    /// <param name="steps">Of the build.</param>
    /// <param name="layers">The image's, lowest first.</param>
    /// <param name="snapshots">The snapshots of the image's result, lowest first.</param>
    /// <returns>Null: nothing of the image was built.</returns>
    public static byte[]? Write(IReadOnlyList<SolvedStep> steps, IReadOnlyList<ExportedLayer> layers, IReadOnlyList<Solver.ResultLayer> snapshots)
    {
        List<Digest> image = [];
        var known = new Dictionary<string, Digest>();
        for (var number = 0; number < layers.Count; number++)
        {
            image.Add(layers[number].DiffId);
            known[snapshots[number].Snapshot] = layers[number].DiffId;
        }

        return CacheWriter.WriteInline(steps, image, step =>
        {
            if (step.Result.Promise is not null)
                return null;
            List<Digest> chain = [];
            foreach (var layer in step.Result.Layers)
            {
                if (!known.TryGetValue(layer.Snapshot, out var diffId))
                    return null;
                chain.Add(diffId);
            }

            return chain;
        });
    }
}
