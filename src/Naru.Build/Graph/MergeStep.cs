namespace Naru.Build.Graph;

/// <summary>The layers of several file systems, each upon those before it: <c>COPY --link</c> puts its own, made on scratch, upon the stage's.</summary>
public sealed class MergeStep : Step
{
    /// <summary>Lowest first.</summary>
    public required IReadOnlyList<Step> Parts { get; init; }

    public override IReadOnlyList<Step> Inputs => Parts;

    public override void Define(DefinitionWriter writer)
    {
    }
}
