namespace Naru.Chain.Tests;

/// <summary><see cref="ChainFactAttribute"/> with rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChainTheoryAttribute : TheoryAttribute
{
    /// <param name="originals">Programs that must be installed.</param>
    public ChainTheoryAttribute(params string[] originals) => Skip = new ChainFactAttribute(originals).Skip;
}
