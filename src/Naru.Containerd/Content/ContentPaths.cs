using System.Security.Cryptography;
using System.Text;

namespace Naru.Containerd;

/// <summary>The content store's tree on disk.</summary>
/// <remarks>
/// <code>
/// content/
/// ├── blobs/sha256/HEX         a blob, complete and verified; shared by all namespaces
/// │                HEX.made    one that is being made of a snapshot's files
/// └── ingest/ID/               a write under way; ID is the sha256 of NAMESPACE/REF
///     ├── ref                  NAMESPACE/REF
///     ├── data                 the bytes so far; its birth and last write are the ingest's times
///     └── total                the size that the writer announced, decimal
/// </code>
/// </remarks>
internal sealed class ContentPaths(string root)
{
    public string Blobs { get; } = Path.Combine(root, "blobs", "sha256");

    public string Ingests { get; } = Path.Combine(root, "ingest");

    /// <param name="digest">A checked digest: <c>sha256:</c> and 64 hex digits.</param>
    public string Blob(string digest) => Path.Combine(Blobs, digest["sha256:".Length..]);

    public string Made(string digest) => Blob(digest) + ".made";

    public string Ingest(string @namespace, string reference) =>
        Path.Combine(Ingests, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{@namespace}/{reference}"))));

    public static string Data(string ingest) => Path.Combine(ingest, "data");

    public static string Reference(string ingest) => Path.Combine(ingest, "ref");

    public static string Total(string ingest) => Path.Combine(ingest, "total");
}
