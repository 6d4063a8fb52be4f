using Naru.Hub.Registry;

namespace Naru.Hub.Mirrors;

/// <summary>A manifest of a mirrored registry.</summary>
/// <param name="Stale">Its tag should have been asked for again, but the upstream does not serve.</param>
public sealed record MirroredManifest(Repository Repository, Manifest Manifest, bool Stale);
