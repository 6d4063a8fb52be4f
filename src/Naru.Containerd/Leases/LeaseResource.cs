namespace Naru.Containerd;

/// <summary>Something that a lease holds.</summary>
/// <param name="Type"><c>content</c>, <c>snapshots/overlayfs</c>, <c>images</c> or <c>ingests</c>.</param>
/// <param name="Id">Digest, snapshot key, image name or ingest reference.</param>
public sealed record LeaseResource(string Type, string Id);
