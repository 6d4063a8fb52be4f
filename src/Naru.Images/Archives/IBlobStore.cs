using Naru.Oci;

namespace Naru.Images;

/// <summary>Where archives' content goes to, and can be read back from.</summary>
public interface IBlobStore : IBlobSource
{
    /// <summary>Stores content, after checking it against the descriptor's digest and size; content that is there already is fine.</summary>
    /// <param name="descriptor">With an empty digest where that is not known before.</param>
    /// <returns>The content's digest.</returns>
    /// <exception cref="Naru.Base.NaruException">InvalidArgument: the content is not what the descriptor says.</exception>
    Task<Digest> WriteAsync(Descriptor descriptor, Stream content, CancellationToken cancellation);
}
