using System.Text;
using System.Text.Json.Nodes;

namespace Naru.Conformance.Tests.Content;

/// <summary>Manifests as image-spec 1.1 writes them; tests change single fields.</summary>
internal static class Manifests
{
    public static JsonObject Descriptor(string mediaType, byte[] content) => Descriptor(mediaType, Digest.Of(content), content.Length);

    public static JsonObject Descriptor(string mediaType, string digest, long size) =>
        new() { ["mediaType"] = mediaType, ["digest"] = digest, ["size"] = size };

    public static JsonObject Image(JsonObject config, params JsonObject[] layers) =>
        new() { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.Manifest, ["config"] = config, ["layers"] = new JsonArray([.. layers]) };

    public static JsonObject Index(params JsonObject[] manifests) =>
        new() { ["schemaVersion"] = 2, ["mediaType"] = MediaTypes.Index, ["manifests"] = new JsonArray([.. manifests]) };

    public static byte[] Bytes(this JsonObject manifest) => Encoding.UTF8.GetBytes(manifest.ToJsonString());
}
