using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Naru.Conformance.Tests.BadInput;
using Naru.Conformance.Tests.Content;
using Naru.Conformance.Tests.Http;
using Naru.Conformance.Tests.Servers;

namespace Naru.Conformance.Tests.Layers;

/// <summary>naru-hub's own: the files of layers and images, by /api/v1.</summary>
[Collection(HubCollection.Name)]
public sealed class HubLayerTests(HubServer server) : HubInput(server)
{
    private string Api => $"/api/v1/repositories/{Repository}";

    private static byte[] Layer(params (string Path, string Content)[] files)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        using (var tar = new TarWriter(gzip))
        {
            foreach (var (path, content) in files)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)), Uid = files.Length });
        }

        return packed.ToArray();
    }

    /// <summary>Pushes an image of these layers; their digests.</summary>
    private string[] Push(string tag, params byte[][] layers)
    {
        foreach (var layer in layers)
            PushBlob(layer);
        PutManifest(tag, Manifests.Image(Config(), [.. from layer in layers select Manifests.Descriptor(MediaTypes.Layer, layer)]).Bytes()).Is(201);
        return [.. from layer in layers select Digest.Of(layer)];
    }

    /// <summary>The answer once the layers are indexed: 503 until then.</summary>
    private Answer Indexed(string target, params string[] headers)
    {
        for (var left = 600; ; left--)
        {
            var answer = Wire.Get(target, headers);
            if (answer.Status != 503 || left == 0)
                return answer;
            Thread.Sleep(20);
        }
    }

    private static List<string?> Names(Answer answer) => [.. from entry in answer.Is(200).Json["entries"]!.AsArray() select (string?)entry!["name"]];

    [Fact]
    public void The_files_of_a_pushed_layer_are_listed_and_read_one_by_one()
    {
        var layer = Push("v1", Layer(("etc/hosts", "localhost"), ("index.html", "<script>alert(1)</script>")))[0];
        Assert.Equal(["etc", "index.html"], Names(Indexed($"{Api}/layers/{layer}/files")));
        Assert.Equal(["hosts"], Names(Wire.Get($"{Api}/layers/{layer}/files?path=etc")));
        var file = Wire.Get($"{Api}/layers/{layer}/file?path=/index.html").Is(200);
        Assert.Equal("<script>alert(1)</script>", file.Text);
        Assert.Equal("application/octet-stream", file.Must("Content-Type"));
        Assert.Equal("nosniff", file.Must("X-Content-Type-Options"));
        Assert.StartsWith("attachment;", file.Must("Content-Disposition"), StringComparison.Ordinal);
        Assert.Equal("host", Wire.Get($"{Api}/layers/{layer}/file?path=etc/hosts", "Range: bytes=5-").Is(206).Text);
        Assert.Equal("bytes */9", Wire.Get($"{Api}/layers/{layer}/file?path=etc/hosts", "Range: bytes=9-").Is(416).Must("Content-Range"));
        var head = Wire.Head($"{Api}/layers/{layer}/file?path=etc/hosts").Is(200);
        Assert.Equal("9", head.Must("Content-Length"));
        Wire.Get($"{Api}/layers/{layer}/file?path=etc/hosts", "If-None-Match: " + head.Must("ETag")).Is(304);
    }

    [Fact]
    public void An_images_layers_are_counted_and_its_folders_seen_from_each()
    {
        Push("v1", Layer(("a", "one"), ("b/c", "two")), Layer((".wh.a", ""), ("b/c", "three"), ("d", "four")));
        Indexed($"{Api}/images/v1/files").Is(200);
        JsonArray? layers = null;
        for (var left = 600; left > 0 && (layers is null || layers.Any(layer => (string?)layer!["state"] == "pending")); left--)
        {
            layers = Wire.Get($"{Api}/images/v1/layers").Is(200).Json["layers"]!.AsArray();
            Thread.Sleep(20);
        }

        Assert.Equal((1, 1, 1, 6L), ((int)layers![1]!["added"]!, (int)layers[1]!["changed"]!, (int)layers[1]!["hidden"]!, (long)layers[1]!["hiddenBytes"]!));
        Assert.Equal(["a", "b"], Names(Wire.Get($"{Api}/images/v1/files?layer=0")));
        var top = Wire.Get($"{Api}/images/v1/files").Is(200).Json["entries"]!.AsArray();
        Assert.Equal(["a removed", "b inside", "d added"], from entry in top select $"{(string?)entry!["name"]} {(string?)entry["change"]}");
    }

    [Fact]
    public void Two_tags_are_compared()
    {
        var below = Layer(("same", "x"));
        Push("v1", below, Layer(("a", "old")));
        Push("v2", below, Layer(("a", "new!"), ("large", new string('x', 1000))));
        Indexed($"{Api}/images/v1/files").Is(200);
        Indexed($"{Api}/images/v2/files").Is(200);
        var compared = Wire.Get($"{Api}/compare?from=v1&to=v2").Is(200).Json;
        Assert.Equal(["large added", "a changed"], from file in compared["files"]!.AsArray() select $"{(string?)file!["path"]} {(string?)file["change"]}");
        Assert.Equal(("Author", 1000), ((string?)compared["config"]![0]!["field"], (int)compared["addedBytes"]!));
    }

    [Fact]
    public void What_is_no_layer_has_a_failure_that_names_it()
    {
        var layer = Push("v1", Unique(2000))[0];
        var answer = Indexed($"{Api}/layers/{layer}/files");
        Assert.InRange(answer.Status, 400, 499);
        Assert.Contains("neither a tar archive", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_shows_nothing_where_it_is_not_held()
    {
        var layer = Push("v1", Layer(("secret", "x")))[0];
        Indexed($"{Api}/layers/{layer}/files").Is(200);
        var other = NewRepository();
        PushBlob(Unique(10), other);
        Refused("BLOB_UNKNOWN", 404, Wire.Get($"/api/v1/repositories/{other}/layers/{layer}/files"));
        Refused("BLOB_UNKNOWN", 404, Wire.Get($"/api/v1/repositories/{other}/layers/{layer}/file?path=secret"));
        Refused("NAME_UNKNOWN", 404, Wire.Get($"/api/v1/repositories/{NewRepository()}/layers/{layer}/files"));
    }

    [Theory]
    [InlineData("layers/DIGEST/file?path=../../etc/passwd", 400)]
    [InlineData("layers/DIGEST/file?path=%2e%2e%2fetc", 400)]
    [InlineData("layers/DIGEST/file?path=a%00b", 400)]
    [InlineData("layers/DIGEST/file?path=etc", 400)]
    [InlineData("layers/DIGEST/file?path=", 400)]
    [InlineData("layers/DIGEST/file?path=no/such", 404)]
    [InlineData("layers/DIGEST/files?path=no/such", 404)]
    [InlineData("layers/DIGEST/files?n=-1", 400)]
    [InlineData("layers/DIGEST/files?n=99999999999999999999", 400)]
    [InlineData("layers/sha256:abc/files", 400)]
    [InlineData("images/v1/files?layer=7", 400)]
    [InlineData("images/v1/files?layer=-1", 400)]
    [InlineData("images/v1/files?path=../x", 400)]
    [InlineData("images/v1/files?platform=%3Cscript%3E", 400)]
    [InlineData("images/no/such/files", 404)]
    [InlineData("images/none/layers", 404)]
    [InlineData("compare?from=v1", 400)]
    [InlineData("compare?from=v1&to=none", 404)]
    [InlineData("compare?from=v1&to='%20OR%201=1--", 404)]
    public void Bad_questions_are_refused(string question, int status)
    {
        var layer = Push("v1", Layer(("etc/hosts", "x")))[0];
        Indexed($"{Api}/layers/{layer}/files").Is(200);
        Sane(Wire.Get($"{Api}/{question.Replace("DIGEST", layer, StringComparison.Ordinal)}")).Is(status);
    }

    [Fact]
    public void A_files_name_never_becomes_a_header()
    {
        var layer = Push("v1", Layer(("a\"; filename=evil.exe\r\nX-Evil: 1", "x")))[0];
        Indexed($"{Api}/layers/{layer}/files").Is(200);
        var file = Wire.Get($"{Api}/layers/{layer}/file?path=a%22%3B%20filename%3Devil.exe%0D%0AX-Evil%3A%201").Is(200);
        Assert.Null(file["X-Evil"]);
        Assert.DoesNotContain("filename=evil", file.Must("Content-Disposition"), StringComparison.Ordinal);
    }
}
