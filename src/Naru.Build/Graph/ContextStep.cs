namespace Naru.Build.Graph;

/// <summary>Files that the client sends: the build context, a Dockerfile's folder, or a named context that is a folder of the client's.</summary>
/// <remarks>Nothing of it is known before it was sent, so steps that use it are found in the cache by its content alone.</remarks>
public sealed class ContextStep : Step
{
    /// <summary>The name by which the client knows the folder: <c>context</c>, <c>dockerfile</c>, or a named context's.</summary>
    public required string Local { get; init; }

    /// <summary>Only these paths and what they link to are wanted (wildcards allowed); empty: all.</summary>
    public IReadOnlyList<string> Follow { get; init; } = [];

    /// <summary>Patterns of .dockerignore.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    public override IReadOnlyList<Step> Inputs => [];

    public override void Define(DefinitionWriter writer)
    {
        writer.Add(Local);
        writer.Add(Follow);
        writer.Add(Exclude);
    }
}
