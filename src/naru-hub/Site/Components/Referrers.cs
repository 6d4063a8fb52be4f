using Naru.HubServer.Site.Locale;

namespace Naru.HubServer.Site.Components;

/// <summary>What the artifact types of common tools are called.</summary>
internal static class Referrers
{
    public static bool IsSignature(string type) =>
        type is "application/vnd.dev.cosign.artifact.sig.v1+json" or "application/vnd.cncf.notary.signature" or "application/vnd.dev.sigstore.bundle.v0.3+json";

    public static string Kind(Texts t, string type) => type switch
    {
        _ when IsSignature(type) => t.Signature,
        "application/spdx+json" or "text/spdx+json" or "text/spdx" or "application/vnd.cyclonedx+json" or "application/vnd.cyclonedx+xml" or "application/vnd.syft+json"
            or "application/vnd.dev.cosign.artifact.sbom.v1+json" or "https://spdx.dev/Document" => t.Sbom,
        _ when type.StartsWith("https://slsa.dev/provenance", StringComparison.Ordinal) => t.Provenance,
        "application/vnd.in-toto+json" or "application/vnd.in-toto.bundle" => t.Attestation,
        _ => t.Artifact,
    };
}
