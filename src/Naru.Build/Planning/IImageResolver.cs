using Naru.Build.Graph;
using Naru.Oci;

namespace Naru.Build.Planning;

/// <summary>Finds what an image's name stands for while a build is planned: in the engine's store, or at its registry. Tests have one of their own.</summary>
public interface IImageResolver
{
    /// <param name="reference">A full reference with a tag or digest.</param>
    /// <exception cref="Base.NaruException">NotFound, PermissionDenied…: in BuildKit's words.</exception>
    Task<ResolvedImage> Resolve(string reference, Platform platform, CancellationToken cancel);

    /// <param name="location"><c>oci-layout://STORE@DIGEST</c>: a folder of the client's.</param>
    /// <param name="name">How the Dockerfile calls the image.</param>
    Task<ResolvedImage> ResolveLayout(string location, string name, Platform platform, CancellationToken cancel);
}
