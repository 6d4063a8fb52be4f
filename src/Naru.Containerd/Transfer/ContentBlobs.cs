using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>The content store of one scope, as archives read it.</summary>
internal sealed class ContentBlobs(Scope scope, ContentStore content) : IBlobSource
{
    public Task<bool> ExistsAsync(Digest digest, CancellationToken cancellation) => Task.FromResult(content.Has(scope, digest.ToString()));

    public Task<Stream> OpenReadAsync(Digest digest, CancellationToken cancellation) => Task.FromResult<Stream>(content.Open(scope, digest.ToString()));
}
