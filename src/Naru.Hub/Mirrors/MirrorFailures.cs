using Naru.Base;
using Naru.Hub.Registry;

namespace Naru.Hub.Mirrors;

/// <summary>What an upstream's refusal is to a client of the mirror.</summary>
internal static class MirrorFailures
{
    /// <param name="unknown">What is said where the upstream has it not.</param>
    public static RegistryException Translate(MirroredName at, NaruException failure, RegistryErrorCode unknown, string about)
    {
        if (failure is RegistryException known)
            return known;
        if (failure.Errno != 0)
            return RegistryException.NoSpace(failure);
        switch (failure.Kind)
        {
            case ErrorKind.NotFound:
                return new RegistryException(unknown, $"the upstream of {at.Name} does not have it", about, inner: failure);

            // The client cannot sign in there, and a 401 would make it try; to it, the image is not here.
            case ErrorKind.Unauthenticated or ErrorKind.PermissionDenied or ErrorKind.FailedPrecondition:
                Log.Warn($"mirror {at.Mirror.Name}: {at.Path}: {failure.Message}");
                return new RegistryException(unknown, $"the upstream of {at.Name} does not give it", about, inner: failure);
            case ErrorKind.Unavailable or ErrorKind.DeadlineExceeded:
                return new RegistryException(RegistryErrorCode.Unavailable, $"mirror {at.Mirror.Name}: {failure.Message}", about, inner: failure);
            default:
                return new RegistryException(RegistryErrorCode.Unavailable, $"mirror {at.Mirror.Name}: {failure.Message}", about, 502, failure);
        }
    }
}
