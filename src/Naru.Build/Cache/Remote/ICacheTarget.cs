using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>Where a cache can be written: blobs by digest, and one manifest.</summary>
internal interface ICacheTarget
{
    Task<bool> Has(Descriptor blob, CancellationToken cancel);

    /// <param name="open">Opens the content at its start; called again for another attempt.</param>
    Task Write(Descriptor blob, Func<Stream> open, CancellationToken cancel);

    Task WriteManifest(Descriptor manifest, byte[] content, CancellationToken cancel);
}
