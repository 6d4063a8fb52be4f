using Naru.Build.Solver;

namespace Naru.Build.Graph;

/// <summary>What another build has made: a bake file's target that this one stands on. Nothing is left to do.</summary>
public sealed class GivenStep : Step
{
    public required StepResult Result { get; init; }

    public override IReadOnlyList<Step> Inputs => [];

    public override void Define(DefinitionWriter writer) => writer.Add(Result.Identity.ToString());
}
