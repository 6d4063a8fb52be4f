namespace Naru.Chain.Tests;

/// <summary><see cref="ChainFactAttribute"/> with rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChainTheoryAttribute : TheoryAttribute
{
    public ChainTheoryAttribute() => Skip = new ChainFactAttribute().Skip;
}
