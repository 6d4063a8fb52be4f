using System.Text;
using Naru.Base;
using Naru.Build.Cache.Remote;
using Naru.Build.Graph;
using Naru.Build.Solver;
using Naru.Oci;

namespace Naru.Tests.Build.Cache;

/// <summary>What a cache elsewhere says, written and read; and what it may not do to its reader.</summary>
public sealed class RemoteCacheTests
{
    private readonly Dictionary<Digest, CachedStep> steps = [];

    [Fact]
    public void What_is_written_is_found_by_every_key()
    {
        var (below, above) = (Step("below"), Step("above"));
        var writer = new CacheWriter();
        CachedLayer[] one = [Layer("base"), Layer("1")], two = [.. one, Layer("2")];
        writer.Add(new SolvedStep(below, [Key("b"), Key("b by identity")], Result("b")), one);
        writer.Add(new SolvedStep(above, [Key("a")], Result("a")), two);
        writer.Add(new SolvedStep(Step("not kept"), [Key("n")], Result("n")), null);
        Assert.Equal(3, writer.Blobs.Count);
        CacheReader.Add(CacheReader.Parse(writer.Write()), writer.Blobs, null!, steps);
        Assert.Equal(Key("b"), steps[Key("b by identity")].Id);
        Assert.Equal([Layer("base").DiffId, Layer("1").DiffId], steps[Key("b")].Layers!.Select(layer => layer.DiffId));
        Assert.Equal(two.Select(layer => layer.Blob.Digest), steps[Key("a")].Layers!.Select(layer => layer.Blob.Digest));
        Assert.False(steps[Key("n")].HasResult);
        Assert.Equal(Layer("2").Created, steps[Key("a")].Layers![2].Created);
    }

    [Fact]
    public void An_image_s_own_cache_names_its_layers_by_their_places()
    {
        Digest[] image = [Layer("base").DiffId, Layer("1").DiffId, Layer("2").DiffId];
        SolvedStep[] solved = [new(Step("1"), [Key("1")], Result("1")), new(Step("2"), [Key("2")], Result("2")), new(Step("elsewhere"), [Key("e")], Result("e"))];
        var json = CacheWriter.WriteInline(solved, image, step => step.Keys[0] == Key("1") ? image[..2] : step.Keys[0] == Key("2") ? image : [Layer("other").DiffId])!;
        CacheReader.AddInline(json, [Layer("base"), Layer("1"), Layer("2")], null!, steps);
        Assert.Equal(2, steps[Key("1")].Layers!.Count);
        Assert.Equal(image, steps[Key("2")].Layers!.Select(layer => layer.DiffId));
        Assert.Null(steps[Key("e")].Layers);
        Assert.Null(CacheWriter.WriteInline(solved, image, _ => null));
    }

    [Fact]
    public void BuildKit_s_own_cache_is_read_and_harms_nothing()
    {
        var (gzip, plain) = ("sha256:0e5517e1dbdbbe340a8c32cc66583fa24fe24a89e54d4c683d11915c136ec878", "sha256:5c3b30d4ba3f50d71466aefbd6fb77ea2690f6c57341fa9aa1f4cb98f75ca38a");
        var json = $$"""
            {"layers":[{"blob":"{{gzip}}","parent":1},{"blob":"{{plain}}","parent":-1}],"records":[
            {"layers":[{"layer":0,"createdAt":"2026-11-22T01:31:26.925170415Z"}],"digest":"sha256:23569f85682b8003614f80c720dc4e2bf23497e8213191d3f888374bd533417d",
            "inputs":[[{"selector":"sha256:8a5edab282632443219e051e4ade2d1d5bbc671c781051bf1437897cbdfea0f1","link":1}]]},
            {"digest":"sha256:30ddbed6e06b6975bbccc9f7e6e5956a7a30c5eb0ec4646f2653937591dde1ec"}]}
            """;
        Descriptor Blob(string digest, string type) => new() { MediaType = type, Digest = Digest.Parse(digest), Size = 1, Annotations = new Dictionary<string, string> { ["containerd.io/uncompressed"] = plain } };
        CacheReader.Add(CacheReader.Parse(Encoding.UTF8.GetBytes(json)), [Blob(gzip, MediaTypes.OciLayerGzip), Blob(plain, MediaTypes.OciLayer)], null!, steps);
        Assert.Equal(2, steps.Count);
        Assert.Equal([plain, gzip], steps[Digest.Parse("sha256:23569f85682b8003614f80c720dc4e2bf23497e8213191d3f888374bd533417d")].Layers!.Select(layer => layer.Blob.Digest.ToString()));
    }

    [Theory]
    [InlineData("""{"layers":[{"blob":"B","parent":0}],"records":[{"digest":"K","layers":[{"layer":0}]}]}""")]
    [InlineData("""{"layers":[{"blob":"B","parent":7}],"records":[{"digest":"K","layers":[{"layer":0}]}]}""")]
    [InlineData("""{"layers":[{"blob":"B","parent":-2}],"records":[{"digest":"K","layers":[{"layer":0}]}]}""")]
    [InlineData("""{"layers":[{"blob":"B","parent":-1}],"records":[{"digest":"K","layers":[{"layer":-1},{"layer":9}]}]}""")]
    [InlineData("""{"layers":[{"blob":"K","parent":-1}],"records":[{"digest":"K","layers":[{"layer":0}]}]}""")]
    [InlineData("""{"layers":[null],"records":[null,{"digest":"K","layers":[{"layer":0}]}]}""")]
    public void Layers_that_lead_nowhere_are_no_result(string json)
    {
        CacheReader.Add(Parse(json), [CacheAnnotations.Describe(Layer("1").Blob, Layer("1").DiffId, null)], null!, steps);
        Assert.Null(steps[Key("k")].Layers);
    }

    [Fact]
    public void More_layers_than_can_be_mounted_are_no_result()
    {
        var layers = string.Join(',', Enumerable.Range(0, 600).Select(number => $$"""{"blob":"B","parent":{{number - 1}}}"""));
        CacheReader.Add(Parse($$"""{"layers":[{{layers}}],"records":[{"digest":"K","layers":[{"layer":599}]},{"digest":"B","layers":[{"layer":499}]}]}"""), [CacheAnnotations.Describe(Layer("1").Blob, Layer("1").DiffId, null)], null!, steps);
        Assert.Null(steps[Key("k")].Layers);
        Assert.Equal(500, steps[Layer("1").Blob.Digest].Layers!.Count);
    }

    [Theory]
    [InlineData("}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"records":[{"digest":"sha256:1"}]}""")]
    [InlineData("""{"layers":[{"blob":7}]}""")]
    public void What_is_no_document_is_an_error_that_says_so(string json) =>
        Assert.Contains("invalid cache config", Assert.Throws<NaruException>(() => CacheReader.Parse(Encoding.UTF8.GetBytes(json))).Message);

    [Theory]
    [InlineData("mode", "max", "")]
    [InlineData("mode", "most", "failed to configure registry cache exporter: invalid mode most: it is min or max")]
    [InlineData("compression", "lz4", "failed to configure registry cache exporter: unsupported compression type lz4")]
    [InlineData("compression-level", "x", "failed to configure registry cache exporter: non-integer value x specified for compression-level")]
    [InlineData("oci-mediatypes", "maybe", "failed to configure registry cache exporter: failed to parse oci-mediatypes: strconv.ParseBool: parsing \"maybe\": invalid syntax")]
    [InlineData("colour", "red", "failed to configure registry cache exporter: attribute colour is not supported")]
    [InlineData("ref", "", "registry cache exporter requires ref")]
    public void Attributes_are_taken_or_refused_by_name(string name, string value, string error)
    {
        var option = new CacheOption { Type = "registry", Attributes = new Dictionary<string, string> { ["ref"] = "x", [name] = value } };
        if (error.Length == 0)
            Assert.True(CacheExportOptions.Parse(option).All);
        else
            Assert.Equal(error, Assert.Throws<NaruException>(() => CacheExportOptions.Parse(option)).Message);
    }

    [Fact]
    public void A_cache_is_an_image_s_manifest_unless_Docker_s_types_are_asked_for()
    {
        CacheExportOptions Parse(params (string, string)[] more) => CacheExportOptions.Parse(new CacheOption { Type = "registry", Attributes = new Dictionary<string, string>(more.Select(one => KeyValuePair.Create(one.Item1, one.Item2))) { ["ref"] = "x" } });
        Assert.True(Parse().AsImage);
        Assert.False(Parse(("oci-mediatypes", "false")).AsImage);
        Assert.False(Parse(("image-manifest", "false")).AsImage);
        Assert.Contains("OCI mediatypes are required", Assert.Throws<NaruException>(() => Parse(("oci-mediatypes", "false"), ("image-manifest", "true"))).Message);
    }

    private static Digest Key(string name) => Digest.Of(Encoding.UTF8.GetBytes("key " + name));

    private static CacheDocument Parse(string json) => CacheReader.Parse(Encoding.UTF8.GetBytes(json.Replace("\"B\"", $"\"{Layer("1").Blob.Digest}\"").Replace("\"K\"", $"\"{Key("k")}\"")));

    private static CachedLayer Layer(string name) =>
        new(Descriptor.Of(MediaTypes.OciLayerGzip, Encoding.UTF8.GetBytes("blob " + name)), Digest.Of(Encoding.UTF8.GetBytes("files " + name)), DateTimeOffset.UnixEpoch.AddDays(name.Length));

    private static StepResult Result(string name) => new() { Identity = Key(name), Layers = [new ResultLayer("snapshot " + name, null, default, null)] };

    private static RunStep Step(string name) => new() { Name = name, Platform = Platform.Host, Root = null, Arguments = [name] };
}
