using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>What a cache elsewhere knows of a step.</summary>
/// <param name="id">The step's first key: by it the steps above name its result.</param>
/// <param name="layers">Finds the result's layers; null: it has none.</param>
/// <param name="from">Where the layers' blobs are.</param>
internal sealed class CachedStep(Digest id, Func<IReadOnlyList<CachedLayer>?>? layers, ICacheSource from)
{
    public Digest Id => id;

    public ICacheSource From => from;

    public bool HasResult => layers is not null;

    /// <summary>The whole result, lowest first; null: it is not there, and only what stands on it may be.</summary>
    public IReadOnlyList<CachedLayer>? Layers => layers?.Invoke();
}
