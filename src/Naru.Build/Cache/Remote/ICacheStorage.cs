using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>Where a cache is kept: a registry's repository, or a folder of the client's. Blobs by digest, and one manifest.</summary>
internal interface ICacheStorage
{
    /// <summary>What progress calls it.</summary>
    string Name { get; }

    /// <summary>The manifest or index that the cache begins with.</summary>
    /// <exception cref="Base.NaruException">NotFound: there is no cache.</exception>
    Task<(Descriptor Descriptor, byte[] Content)> ReadManifest(CancellationToken cancel);

    /// <summary>A manifest of an index.</summary>
    Task<byte[]> ReadManifest(Descriptor manifest, CancellationToken cancel);

    /// <summary>Opens a blob. Never gives more bytes than the descriptor says; the digest is the caller's to check.</summary>
    Task<Stream> Open(Descriptor blob, CancellationToken cancel);

    Task<bool> Has(Descriptor blob, CancellationToken cancel);

    /// <param name="open">Opens the content at its start; called again for another attempt.</param>
    Task Write(Descriptor blob, Func<Stream> open, CancellationToken cancel);

    Task WriteManifest(Descriptor manifest, byte[] content, CancellationToken cancel);
}
