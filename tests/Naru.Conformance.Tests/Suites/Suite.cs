using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Http;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Suites;

/// <summary>A room of the spec, asked of any registry. Each test has a repository of its own.</summary>
public abstract class Suite(RegistryServer server)
{
    private static readonly byte[] s_emptyObject = "{}"u8.ToArray();

    protected RegistryServer Server { get; } = server;

    protected Wire Wire { get; } = server.Wire;

    /// <summary>This test's repository; not there until something is pushed.</summary>
    protected string Repository { get; } = NewRepository();

    protected string Uploads => $"/v2/{Repository}/blobs/uploads/";

    protected static string NewRepository() => $"conform/{Guid.NewGuid():N}";

    /// <summary>Bytes that no other test has.</summary>
    protected static byte[] Unique(int length) => RandomNumberGenerator.GetBytes(length);

    protected static string BlobPath(string repository, string digest) => $"/v2/{repository}/blobs/{digest}";

    protected static string ManifestPath(string repository, string reference) => $"/v2/{repository}/manifests/{reference}";

    protected string BlobPath(string digest) => BlobPath(Repository, digest);

    protected string ManifestPath(string reference) => ManifestPath(Repository, reference);

    /// <summary>The path and query of a Location, which may be absolute (then it must be this registry's) or relative.</summary>
    protected string PathOf(string location)
    {
        var at = new Uri(new Uri($"http://127.0.0.1:{Wire.Port}/"), location);
        Assert.Equal($"127.0.0.1:{Wire.Port}", at.Authority);
        return at.PathAndQuery;
    }

    protected string LocationOf(Answer answer) => PathOf(answer.Must("Location"));

    /// <summary>Adds a parameter to a location that may have some already.</summary>
    protected static string With(string location, string parameter) => $"{location}{(location.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{parameter}";

    /// <summary>Begins an upload; its location.</summary>
    protected string Begin(string? repository = null) => LocationOf(Wire.Post($"/v2/{repository ?? Repository}/blobs/uploads/").Is(202));

    protected Answer Finish(string location, string digest, byte[]? body = null, params string[] headers) => Wire.Put(With(location, "digest=" + digest), body, headers);

    protected Answer PutBlob(byte[] bytes, string? digest = null, string? repository = null) =>
        Finish(Begin(repository), digest ?? Digest.Of(bytes), bytes, "Content-Type: " + MediaTypes.Bytes);

    /// <summary>A blob that is there; its digest.</summary>
    protected string PushBlob(byte[] bytes, string? repository = null)
    {
        PutBlob(bytes, repository: repository).Is(201);
        return Digest.Of(bytes);
    }

    protected Answer PutManifest(string reference, byte[] manifest, string mediaType = MediaTypes.Manifest, string? repository = null) =>
        Wire.Put(ManifestPath(repository ?? Repository, reference), manifest, "Content-Type: " + mediaType);

    /// <summary>A manifest whose one layer and config are pushed; it is not.</summary>
    protected JsonObject NewImage(string? repository = null)
    {
        var layer = Unique(64);
        PushBlob(layer, repository);
        return Manifests.Image(Config(repository), Manifests.Descriptor(MediaTypes.Layer, layer));
    }

    /// <summary>A pushed config's descriptor.</summary>
    protected JsonObject Config(string? repository = null)
    {
        var config = Encoding.UTF8.GetBytes($$$"""{"architecture":"amd64","os":"linux","author":"{{{Guid.NewGuid()}}}","rootfs":{"type":"layers","diff_ids":[]}}""");
        PushBlob(config, repository);
        return Manifests.Descriptor(MediaTypes.Config, config);
    }

    /// <summary>A pushed image under these tags, or by its digest alone; the manifest's bytes.</summary>
    protected byte[] PushImage(params string[] tags) => PushImageTo(Repository, tags);

    protected byte[] PushImageTo(string repository, params string[] tags)
    {
        var manifest = NewImage(repository).Bytes();
        foreach (var tag in tags.Length > 0 ? tags : [Digest.Of(manifest)])
            PutManifest(tag, manifest, repository: repository).Is(201);
        return manifest;
    }

    /// <summary>An artifact as image-spec 1.1 wants it: an empty config, no layer but the empty object; not pushed.</summary>
    protected JsonObject NewArtifact(string artifactType, JsonObject? subject = null)
    {
        PushBlob(s_emptyObject);
        var artifact = Manifests.Image(Manifests.Descriptor(MediaTypes.Empty, s_emptyObject), Manifests.Descriptor(MediaTypes.Empty, s_emptyObject));
        artifact["artifactType"] = artifactType;
        artifact["annotations"] = new JsonObject { ["org.example.test"] = Guid.NewGuid().ToString() };
        if (subject is not null)
            artifact["subject"] = subject.DeepClone();
        return artifact;
    }

    /// <summary>The strings of a list such as the tags.</summary>
    protected static List<string> Strings(JsonNode? list)
    {
        var strings = new List<string>();
        foreach (var item in Assert.IsType<JsonArray>(list))
            strings.Add((string)item!);
        return strings;
    }
}
