using Naru.Oci;

namespace Naru.Hub.Registry;

/// <summary>What a push of a manifest came to.</summary>
/// <param name="Subject">The manifest that it is about, if it says so: for the OCI-Subject header.</param>
public sealed record PushedImage(Digest Digest, Digest? Subject);
