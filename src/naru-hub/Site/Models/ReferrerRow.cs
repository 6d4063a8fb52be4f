namespace Naru.HubServer.Site.Models;

/// <summary>Something that says something of an image: a signature, an SBOM, a provenance.</summary>
internal sealed record ReferrerRow(string ArtifactType, string Digest, long Size, DateTime Pushed);
