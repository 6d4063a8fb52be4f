using Naru.Build.Graph;
using Naru.Build.Solver;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>A step of a build that is over, with what a cache elsewhere may keep of it.</summary>
/// <param name="Keys">All that led to the result in this build; the first is its identity.</param>
internal sealed record SolvedStep(Step Step, IReadOnlyList<Digest> Keys, StepResult Result)
{
    /// <summary>Of the steps that lead to those given, the ones that make layers, inputs first, each once.</summary>
    /// <param name="resultOf">Null: the step was not done.</param>
    public static IReadOnlyList<SolvedStep> All(IEnumerable<Step?> targets, Func<Step, StepResult?> resultOf)
    {
        var list = new List<SolvedStep>();
        var seen = new HashSet<Digest>();
        foreach (var target in targets)
            Collect(target, resultOf, seen, list);
        return list;
    }

    private static void Collect(Step? step, Func<Step, StepResult?> resultOf, HashSet<Digest> seen, List<SolvedStep> list)
    {
        if (step is null || !seen.Add(step.Digest) || resultOf(step) is not { } result)
            return;
        List<StepResult> inputs = [];
        foreach (var input in step.Inputs)
        {
            Collect(input, resultOf, seen, list);
            if (resultOf(input) is { } made)
                inputs.Add(made);
        }

        if (step is not (RunStep or FileStep or MergeStep) || inputs.Count != step.Inputs.Count)
            return;
        List<Digest> keys = [result.Identity];
        if (step is not MergeStep && CacheKeys.ByIdentity(step, inputs) is { IsEmpty: false } other && other != result.Identity)
            keys.Add(other);
        // What a promise became may be something else than what was promised: its key leads to nothing then.
        list.Add(new SolvedStep(step, keys, result.Promise?.Made is { } real && real.Identity == result.Identity ? real : result));
    }
}
