using Naru.Build.Attestations;
using Naru.Build.Graph;
using Naru.Build.Solver;
using Naru.Oci;

namespace Naru.Build.Export;

/// <summary>Which of an image's layers each step of its build has.</summary>
internal static class ExportedSteps
{
    /// <param name="whole">The image's files.</param>
    /// <param name="all">Its layers, lowest first.</param>
    /// <returns>Null: the step's result is no part of the image.</returns>
    public static IReadOnlyList<Descriptor>? Layers(Step step, BuildFacts facts, StepResult whole, IReadOnlyList<ExportedLayer> all)
    {
        if (facts.ResultOf(step) is not { Folder: null, Layers: { Count: > 0 } made } || made.Count > all.Count)
            return null;
        List<Descriptor> layers = [];
        for (var number = 0; number < made.Count; number++)
        {
            if (made[number].Snapshot != whole.Layers[number].Snapshot)
                return null;
            layers.Add(all[number].Blob);
        }

        return layers;
    }
}
