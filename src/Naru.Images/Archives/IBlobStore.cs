using Naru.Oci;

namespace Naru.Images;

/// <summary>Where archives' content goes to and comes from: containerd's content store, reached directly or by gRPC.</summary>
public interface IBlobStore
{
    Task<bool> ExistsAsync(Digest digest, CancellationToken cancellation);

    /// <exception cref="Naru.Base.NaruException">NotFound.</exception>
    Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellation);

    /// <summary>Stores content, after checking it against the descriptor's digest and size; content that is there already is fine.</summary>
    /// <exception cref="Naru.Base.NaruException">InvalidArgument: the content is not what the descriptor says.</exception>
    Task WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellation);
}
