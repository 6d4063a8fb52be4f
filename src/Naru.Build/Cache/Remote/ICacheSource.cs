using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>Where a cache can be read: a registry's repository, a folder of the client's, an image of the engine's.</summary>
internal interface ICacheSource
{
    /// <summary>By BuildKit's word: <c>registry</c>, <c>local</c>.</summary>
    string Kind { get; }

    /// <summary>What progress calls it.</summary>
    string Name { get; }

    /// <summary>The manifest or index that the cache begins with.</summary>
    /// <exception cref="Base.NaruException">NotFound: there is no cache.</exception>
    Task<(Descriptor Descriptor, byte[] Content)> ReadManifest(CancellationToken cancel);

    /// <summary>A manifest of an index.</summary>
    Task<byte[]> ReadManifest(Descriptor manifest, CancellationToken cancel);

    /// <summary>Opens a blob. Never gives more bytes than the descriptor says; the digest is the caller's to check.</summary>
    Task<Stream> Open(Descriptor blob, CancellationToken cancel);
}
