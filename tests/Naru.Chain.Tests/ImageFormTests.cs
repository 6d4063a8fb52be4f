using System.Text.Json;

namespace Naru.Chain.Tests;

/// <summary>In which form a built image is stored, exported and pushed: compression, times, annotations, by tag or by digest.</summary>
public sealed class ImageFormTests(Engine engine) : IClassFixture<Engine>, IDisposable
{
    private const string Gzip = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [ChainFact("docker-registry")]
    public void What_is_pushed_is_compressed_and_stays_the_same_image()
    {
        using var registry = new Registry(engine.Namespace, engine.Folder["pushed"]);
        var name = registry.Name("form:1");
        var context = new BuildContext(engine, "form", $"FROM {Engine.Image}\nRUN echo form > /form\n");
        context.Must("-t", name);
        var id = engine.Must("image", "inspect", name, "--format", "{{.Id}}");
        engine.Must("push", name);
        using (var pushed = Tagged("pushed", "form", "1"))
        {
            Assert.Equal([Gzip, Gzip], Layers(pushed.RootElement));
            Assert.Equal(id, pushed.RootElement.GetProperty("config").GetProperty("digest").GetString());
        }

        var digest = engine.Must("image", "inspect", name, "--format", "{{index .RepoDigests 0}}");
        Assert.Equal(id, engine.Must("image", "inspect", name, "--format", "{{.Id}}"));
        Assert.Equal("form", engine.Must("run", "--rm", name, "cat", "/form"));
        Assert.Contains("Layer already exists", engine.Must("push", name));
        engine.Must("rmi", name, "form");
        engine.Must("pull", digest);
        Assert.Equal("form", engine.Must("run", "--rm", digest, "cat", "/form"));
        engine.Must("rmi", digest);
    }

    [ChainFact("docker-registry")]
    public void The_builder_pushes_by_tag_and_by_digest()
    {
        using var registry = new Registry(engine.Namespace, engine.Folder["built"]);
        var context = new BuildContext(engine, "built", $"FROM {Engine.Image}\nRUN echo built > /built\n");
        var said = Must(context, "-t", registry.Name("built:2"), "--push", "--metadata-file", folder["md.json"]);
        using var metadata = JsonDocument.Parse(File.ReadAllText(folder["md.json"]));
        var digest = metadata.RootElement.GetProperty("containerimage.digest").GetString()!;
        Assert.Contains($"pushing manifest for {registry.Name("built:2")}@{digest}", said);
        using (var pushed = Tagged("built", "built", "2"))
            Assert.Equal([Gzip, Gzip], Layers(pushed.RootElement));
        Assert.Equal(registry.Name("built@") + digest, engine.Must("image", "inspect", registry.Name("built:2"), "--format", "{{index .RepoDigests 0}}"));
        engine.Must("rmi", registry.Name("built:2"));

        Must(context, "-o", $"type=image,name={registry.Name("canon")},push-by-digest=true,name-canonical=true,push=true,compression=zstd,force-compression=true", "--metadata-file", folder["md.json"]);
        using var canonical = JsonDocument.Parse(File.ReadAllText(folder["md.json"]));
        digest = canonical.RootElement.GetProperty("containerimage.digest").GetString()!;
        Assert.False(Directory.Exists(engine.Folder["built/docker/registry/v2/repositories/canon/_manifests/tags"]));
        using (var blob = Blob("built", digest))
            Assert.All(Layers(blob.RootElement), type => Assert.Equal("application/vnd.oci.image.layer.v1.tar+zstd", type));
        Assert.Equal("built", engine.Must("run", "--rm", registry.Name("canon@") + digest, "cat", "/built"));
        engine.Must("rmi", registry.Name("canon@") + digest);
        Assert.Contains($"can't push tagged ref {registry.Name("canon:1")} by digest", Build(context, "-o", $"type=image,name={registry.Name("canon:1")},push-by-digest=true,push=true").Error);
    }

    [ChainFact]
    public void The_same_sources_make_the_same_image_in_each_compression()
    {
        var context = new BuildContext(engine, "same", $"FROM {Engine.Image}\nRUN echo same > /same && mkdir /d\nCOPY file /file\n") { ["file"] = "x" };
        foreach (var form in (string[])["compression=gzip", "compression=zstd,compression-level=7", "compression=gzip,compression-level=9,force-compression=true"])
        {
            var digests = new HashSet<string>();
            for (var time = 0; time < 2; time++)
            {
                Must(context, "--no-cache", "--build-arg", "SOURCE_DATE_EPOCH=1700000000", "-o", $"type=oci,dest={folder["same.tar"]},rewrite-timestamp=true,{form}", "--metadata-file", folder["md.json"]);
                using var metadata = JsonDocument.Parse(File.ReadAllText(folder["md.json"]));
                digests.Add(metadata.RootElement.GetProperty("containerimage.digest").GetString()!);
            }

            Assert.True(digests.Count == 1, form);
            // What came out is whole.
            engine.Must("load", "-i", folder["same.tar"]);
        }
    }

    [ChainFact]
    public void A_form_that_there_is_not_is_refused_by_name()
    {
        var context = new BuildContext(engine, "refused", $"FROM {Engine.Image}\n");
        Assert.Contains("compression=estargz is not supported by this engine", Build(context, "-o", "type=image,compression=estargz").Error);
        Assert.Contains("unsupported compression type lzma", Build(context, "-o", "type=image,compression=lzma").Error);
        Assert.Contains("compression-level=12 is not a level of gzip", Build(context, "-o", $"type=oci,dest={folder["x"]},compression-level=12").Error);
        Assert.Contains("index annotations not supported for single platform export", Build(context, "--annotation", "index:a=b", "-o", $"type=oci,dest={folder["x"]}").Error);
    }

    [ChainFact]
    public void Annotations_reach_the_document_that_they_are_for()
    {
        var context = new BuildContext(engine, "noted", "FROM scratch\nCOPY file /\n") { ["file"] = "x" };
        Must(context, "--platform", "linux/amd64,linux/arm64", "--annotation", "all=1", "--annotation", "manifest[linux/arm64]:arm=2", "--annotation", "index:list=3", "--annotation", "manifest-descriptor:entry=4",
            "--annotation", "index-descriptor:top=5", "-o", $"type=oci,dest={folder["noted.tar"]}");
        Directory.CreateDirectory(folder["noted"]);
        Command.Must("tar", "-xf", folder["noted.tar"], "-C", folder["noted"]);
        using var layout = JsonDocument.Parse(File.ReadAllText(folder["noted/index.json"]));
        var top = layout.RootElement.GetProperty("manifests")[0];
        Assert.Equal("5", top.GetProperty("annotations").GetProperty("top").GetString());
        using var index = Document(top);
        Assert.Equal("3", index.RootElement.GetProperty("annotations").GetProperty("list").GetString());
        var manifests = index.RootElement.GetProperty("manifests");
        Assert.Equal("4", manifests[0].GetProperty("annotations").GetProperty("entry").GetString());
        using var amd64 = Document(manifests[0]);
        using var arm64 = Document(manifests[1]);
        Assert.Equal("{\"all\":\"1\"}", amd64.RootElement.GetProperty("annotations").GetRawText());
        Assert.Equal("{\"all\":\"1\",\"arm\":\"2\"}", arm64.RootElement.GetProperty("annotations").GetRawText());

        JsonDocument Document(JsonElement descriptor) =>
            JsonDocument.Parse(File.ReadAllText(folder["noted/blobs/sha256/" + descriptor.GetProperty("digest").GetString()!["sha256:".Length..]]));
    }

    private static IReadOnlyList<string> Layers(JsonElement manifest) => [.. manifest.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("mediaType").GetString()!)];

    private JsonDocument Tagged(string registry, string repository, string tag) =>
        Blob(registry, File.ReadAllText(engine.Folder[$"{registry}/docker/registry/v2/repositories/{repository}/_manifests/tags/{tag}/current/link"]));

    private JsonDocument Blob(string registry, string digest)
    {
        var hex = digest["sha256:".Length..];
        return JsonDocument.Parse(File.ReadAllText(engine.Folder[$"{registry}/docker/registry/v2/blobs/sha256/{hex[..2]}/{hex}/data"]));
    }

    private Result Build(BuildContext context, params string[] more) => engine.Naru(["build", "--progress", "plain", .. more, context.Folder]);

    private string Must(BuildContext context, params string[] more)
    {
        var result = Build(context, more);
        Assert.True(result.Code == 0, $"{result}; {string.Join('\n', engine.Log.Split('\n').TakeLast(5))}");
        return result.Error;
    }
}
