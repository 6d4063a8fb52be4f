using Naru.Build.Graph;

namespace Naru.Build.Attestations;

/// <summary>All steps that a result stands on, inputs before those that use them, each once and numbered.</summary>
internal sealed class StepOrder
{
    private readonly Dictionary<Oci.Digest, int> numbers = [];
    private readonly List<Step> steps = [];

    /// <param name="last">Null: scratch, no step.</param>
    public StepOrder(Step? last)
    {
        if (last is not null)
            Add(last);
    }

    public IReadOnlyList<Step> Steps => steps;

    public int NumberOf(Step step) => numbers[step.Digest];

    private void Add(Step step)
    {
        if (numbers.ContainsKey(step.Digest))
            return;
        foreach (var input in step.Inputs)
            Add(input);
        numbers[step.Digest] = steps.Count;
        steps.Add(step);
    }
}
