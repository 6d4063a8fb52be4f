using Naru.Base;

namespace Naru.Build.Solver;

/// <summary>A step failed before it began: what its key is made of could not be had. The step says why; the build says first what it was about.</summary>
/// <param name="doing">BuildKit's words: <c>failed to compute cache key</c>, or <c>failed to load cache key</c> of a download.</param>
internal sealed class CacheKeyException(string doing, string message, NaruException inner) : NaruException(inner.Kind, message, inner)
{
    public string Whole { get; } = $"{doing}: {message}";
}
