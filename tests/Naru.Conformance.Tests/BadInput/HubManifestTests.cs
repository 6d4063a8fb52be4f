using System.Text;
using System.Text.Json.Nodes;
using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.BadInput;

/// <summary>Manifests that are none.</summary>
[Collection(HubCollection.Name)]
public sealed class HubManifestTests(HubServer server) : HubInput(server)
{
    public static TheoryData<string> NoManifests =>
    [
        "", " ", "{", "[", "]", "null", "true", "1", "\"x\"", "[]", "{}", "{} {}", "{\"schemaVersion\":2}x", "\u00ff", "{\"schemaVersion\":2,}", "{'schemaVersion':2}", "//\n{}", "{\"schemaVersion\":\"2\"}",
        "{\"schemaVersion\":1}", "{\"schemaVersion\":3}", "{\"schemaVersion\":2}", "{\"schemaVersion\":2,\"config\":null}", "{\"schemaVersion\":2,\"config\":[],\"layers\":{}}", "{\"schemaVersion\":2,\"config\":{},\"layers\":[]}",
        "{\"schemaVersion\":2,\"config\":{\"digest\":1}}", "{\"schemaVersion\":2,\"config\":\"x\",\"layers\":\"y\"}", "\uFEFF{\"schemaVersion\":2}", "{\"schemaVersion\":2,\"layers\":[null]}", "{\"schemaVersion\":1e400}",
        "{\"\\ud800\":1}", "{\"schemaVersion\":2,\"mediaType\":\"\\u0000\"}", "{\"schemaVersion\":2,\"mediaType\":\"\\ud800\"}",
    ];

    /// <summary>A field of a good manifest, and what is put there.</summary>
    public static TheoryData<string, string> BadFields
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (var digest in (string[])["null", "1", "\"\"", "\"sha256:../../../etc/passwd\"", "\"sha256:abc\"", "\"SHA256:" + new string('a', 64) + "\"", "\"md5:" + new string('a', 32) + "\"", "\"\\u0000\"", "{}", "\"'; DROP TABLE blob;--\""])
            {
                rows.Add("config.digest", digest);
                rows.Add("layers.0.digest", digest);
                rows.Add("subject.digest", digest);
            }
            foreach (var size in (string[])["-1", "\"10\"", "1e400", "1.5", "99999999999999999999", "true", "[]"])
            {
                rows.Add("config.size", size);
                rows.Add("layers.0.size", size);
                rows.Add("subject.size", size);
            }
            foreach (var text in (string[])["1", "[]", "{}"])
            {
                rows.Add("mediaType", text);
                rows.Add("artifactType", text);
                rows.Add("config.mediaType", text);
                rows.Add("layers.0.mediaType", text);
            }
            foreach (var list in (string[])["null", "1", "\"x\"", "{}", "[null]", "[1]", "[[]]", "[{}]"])
                rows.Add("layers", list);
            foreach (var map in (string[])["1", "[]", "\"x\"", "{\"a\":1}", "{\"a\":{}}", "{\"a\":null}"])
                rows.Add("annotations", map);
            foreach (var part in (string[])["1", "[]", "\"x\"", "{}"])
            {
                rows.Add("config", part);
                rows.Add("subject", part);
            }
            foreach (var version in (string[])["1", "3", "\"2\"", "null", "2.5", "-2", "[]"])
                rows.Add("schemaVersion", version);
            return rows;
        }
    }

    [Theory]
    [MemberData(nameof(NoManifests))]
    public void What_is_no_manifest_is_MANIFEST_INVALID(string body)
    {
        foreach (var type in (string[])[MediaTypes.Manifest, MediaTypes.Index, MediaTypes.DockerManifest, MediaTypes.DockerList])
            Refused("MANIFEST_INVALID", 400, PutManifest("bad", Encoding.UTF8.GetBytes(body), type));
        Assert.NotEqual(200, Wire.Get(ManifestPath("bad")).Status);
    }

    [Theory]
    [MemberData(nameof(BadFields))]
    public void A_field_that_is_wrong_is_refused_or_taken_as_it_is(string field, string value)
    {
        var manifest = NewImage();
        manifest["subject"] = Manifests.Descriptor(MediaTypes.Manifest, Digest.Unknown(), 10);
        manifest["annotations"] = new JsonObject { ["a"] = "b" };
        manifest["artifactType"] = "application/x";
        var bytes = Encoding.UTF8.GetBytes(Put(manifest, field, "@@@").ToJsonString().Replace("\"@@@\"", value, StringComparison.Ordinal));
        var answer = Sane(PutManifest("v1", bytes)).Is(201, 400, 404);
        if (answer.Status != 201)
            return;
        Assert.Equal(bytes, Wire.Get(ManifestPath("v1")).Is(200).Body);
        Sane(Wire.Get($"/v2/{Repository}/referrers/{manifest["subject"]?["digest"] ?? Digest.Unknown()}"));
    }

    [Fact]
    public void Sizes_that_no_number_holds_together_are_MANIFEST_INVALID()
    {
        var manifest = NewImage();
        manifest["config"]!["size"] = long.MaxValue;
        manifest["layers"]![0]!["size"] = long.MaxValue;
        Refused("MANIFEST_INVALID", 400, PutManifest("huge", manifest.Bytes()));
    }

    [Fact]
    public void Twenty_thousand_brackets_are_MANIFEST_INVALID()
    {
        Refused("MANIFEST_INVALID", 400, PutManifest("deep", Encoding.UTF8.GetBytes(new string('[', 20_000))));
        Refused("MANIFEST_INVALID", 400, PutManifest("deep", Encoding.UTF8.GetBytes("{\"annotations\":" + string.Concat(Enumerable.Repeat("{\"a\":", 20_000)))));
    }

    [Fact]
    public void Layers_and_manifests_in_one_are_MANIFEST_INVALID()
    {
        var manifest = NewImage();
        manifest["manifests"] = new JsonArray();
        Refused("MANIFEST_INVALID", 400, PutManifest("both", manifest.Bytes()));
        Refused("MANIFEST_INVALID", 400, PutManifest("both", manifest.Bytes(), MediaTypes.Index));
    }

    [Fact]
    public void A_mediaType_unlike_the_Content_Type_is_MANIFEST_INVALID()
    {
        Refused("MANIFEST_INVALID", 400, PutManifest("v1", NewImage().Bytes(), MediaTypes.DockerManifest));
        Refused("MANIFEST_INVALID", 400, PutManifest("v1", NewImage().Bytes(), MediaTypes.Index));
        Refused("MANIFEST_INVALID", 400, PutManifest("v1", Manifests.Index().Bytes(), MediaTypes.Manifest));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("<script>")]
    [InlineData("application/vnd.oci.image.config.v1+json")]
    public void A_Content_Type_that_is_no_manifests_is_refused(string type) => Refused("MANIFEST_INVALID", 400, PutManifest("v1", NewImage().Bytes(), type));

    [Theory]
    [InlineData(MediaTypes.DockerSchema1)]
    [InlineData(MediaTypes.DockerSignedSchema1)]
    [InlineData("application/json")]
    public void Schema_1_is_refused_and_says_so(string type)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"schemaVersion":1,"name":"{{Repository}}","tag":"v1","architecture":"amd64","fsLayers":[],"history":[],"signatures":[]}""");
        var answer = Sane(PutManifest("v1", body, type)).Is(400, 405);
        Assert.Contains("no longer supported", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_of_5_MB_is_413_however_it_comes()
    {
        var body = new byte[5 << 20];
        body.AsSpan().Fill((byte)' ');
        Refused("SIZE_INVALID", 413, PutManifest("large", body));
        byte[] chunked = [.. "500000\r\n"u8, .. body, .. "\r\n0\r\n\r\n"u8];
        Refused("SIZE_INVALID", 413, Wire.Put(ManifestPath("large"), chunked, "Content-Type: " + MediaTypes.Manifest, "Transfer-Encoding: chunked"));
    }

    [Fact]
    public void What_a_manifest_names_must_be_here()
    {
        Refused("MANIFEST_BLOB_UNKNOWN", 404, PutManifest("v1", Manifests.Image(Config(), Manifests.Descriptor(MediaTypes.Layer, Digest.Unknown(), 10)).Bytes()));
        Refused("MANIFEST_BLOB_UNKNOWN", 404, PutManifest("v1", Manifests.Index(Manifests.Descriptor(MediaTypes.Manifest, Digest.Unknown(), 10)).Bytes(), MediaTypes.Index));
        Wire.Get(ManifestPath("v1")).Is(404);
    }

    [Fact]
    public void What_a_manifest_names_must_be_here_in_its_own_repository()
    {
        var elsewhere = NewImage(NewRepository());
        PushBlob(Unique(10));
        Refused("MANIFEST_BLOB_UNKNOWN", 404, PutManifest("v1", elsewhere.Bytes()));
    }

    [Fact]
    public void A_manifest_is_no_blob_of_an_index_and_a_blob_no_manifest()
    {
        var layer = Unique(10);
        PushBlob(layer);
        Refused("MANIFEST_BLOB_UNKNOWN", 404, PutManifest("v1", Manifests.Index(Manifests.Descriptor(MediaTypes.Manifest, layer)).Bytes(), MediaTypes.Index));
        Refused("MANIFEST_BLOB_UNKNOWN", 404, PutManifest("v1", Manifests.Image(Manifests.Descriptor(MediaTypes.Config, PushImage())).Bytes()));
    }

    [Fact]
    public void Indexes_five_deep_are_taken()
    {
        var inner = PushImage();
        var type = MediaTypes.Manifest;
        for (var depth = 0; depth < 5; depth++, type = MediaTypes.Index)
        {
            inner = Manifests.Index(Manifests.Descriptor(type, inner)).Bytes();
            PutManifest($"depth{depth}", inner, MediaTypes.Index).Is(201);
        }
    }

    [Fact]
    public void A_manifest_may_be_its_own_subjects_subject()
    {
        // Two that name one another cannot be made; one whose subject is unknown is the nearest.
        var artifact = NewArtifact("application/x", Manifests.Descriptor(MediaTypes.Manifest, Digest.Unknown(), 0)).Bytes();
        PutManifest("v1", artifact).Is(201);
        Assert.Empty(Assert.IsType<JsonArray>(Wire.Get($"/v2/{Repository}/referrers/{Digest.Of(artifact)}").Is(200).Json["manifests"]));
    }

    [Fact]
    public void Evil_text_in_types_and_annotations_comes_back_as_text()
    {
        string[] evil = ["'; DROP TABLE image;--", "<script>alert(1)</script>", "{{7*7}}", "\0\u0001\u001f", "\u202e\ud83d\ude00", new string('x', 100_000), "\"}],\"x\":[{\""];
        foreach (var text in evil)
        {
            var subject = Manifests.Descriptor(MediaTypes.Manifest, PushImage());
            var artifact = NewArtifact("application/x", subject);
            artifact["annotations"] = new JsonObject { [text] = text };
            PutManifest(Digest.Of(artifact.Bytes()), artifact.Bytes()).Is(201);
            var found = Wire.Get($"/v2/{Repository}/referrers/{subject["digest"]}").Is(200);
            Assert.DoesNotContain("<script>", found.Text, StringComparison.Ordinal);
            Assert.Equal(text, (string?)Assert.Single(Assert.IsType<JsonArray>(found.Json["manifests"]))!["annotations"]![text]);
            artifact["artifactType"] = text;
            Sane(PutManifest(Digest.Of(artifact.Bytes()), artifact.Bytes())).Is(201, 400);
            Sane(Wire.Get($"/v2/{Repository}/referrers/{subject["digest"]}?artifactType={Uri.EscapeDataString(text[..Math.Min(text.Length, 2000)])}")).Is(200, 400);
        }
    }

    [Fact]
    public void A_manifest_of_26_thousand_layers_is_answered_soon()
    {
        var layer = Unique(10);
        PushBlob(layer);
        var one = Manifests.Descriptor(MediaTypes.Layer, layer).ToJsonString();
        var manifest = NewImage().ToJsonString();
        var many = Encoding.UTF8.GetBytes(manifest[..manifest.LastIndexOf(']')] + string.Concat(Enumerable.Repeat("," + one, 26_000)) + "]}");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Sane(PutManifest("many", many)).Is(201, 400, 413);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    /// <summary>Puts a text at a path of names and indices.</summary>
    private static JsonObject Put(JsonObject root, string path, string text)
    {
        var (names, at) = (path.Split('.'), (JsonNode)root);
        foreach (var name in names.AsSpan(0, names.Length - 1))
            at = int.TryParse(name, out var index) ? at[index]! : at[name]!;
        at[names[^1]] = text;
        return root;
    }
}
