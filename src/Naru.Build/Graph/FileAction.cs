namespace Naru.Build.Graph;

/// <summary>One change of files within a <see cref="FileStep"/>.</summary>
public abstract record FileAction
{
    /// <summary>Writes what the action does, apart from the step it copies from.</summary>
    public abstract void Define(DefinitionWriter writer);
}
