using Naru.Oci;

namespace Naru.Images;

/// <summary>Where archives' content comes from: containerd's content store, reached directly or by gRPC.</summary>
public interface IBlobSource
{
    Task<bool> ExistsAsync(Digest digest, CancellationToken cancellation);

    /// <exception cref="Naru.Base.NaruException">NotFound.</exception>
    Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellation);
}
