using Naru.Base;
using Naru.Build.Graph;

namespace Naru.Build.Solver;

/// <summary>A step that could not be done: which one, and why.</summary>
public sealed class StepFailedException(Step step, NaruException inner)
    : NaruException(inner.Kind, inner is CacheKeyException key ? key.Whole : inner.Message, inner)
{
    public Step Step { get; } = step;
}
