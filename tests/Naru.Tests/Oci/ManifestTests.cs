using System.Text;
using Naru.Base;
using Naru.Oci;

namespace Naru.Tests.Oci;

public sealed class ManifestTests
{
    private const string Descriptor = """{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","size":0}""";

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"schemaVersion":2,"config":null,"layers":[]}""")]
    [InlineData("""{"schemaVersion":2,"config":{},"layers":[null]}""")]
    [InlineData("""{"schemaVersion":2,"config":{"digest":"sha256:zz"},"layers":[]}""")]
    public void Malformed_manifests_are_bad_input_and_nothing_worse(string json) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => ImageManifest.Parse(Encoding.UTF8.GetBytes(json))).Kind);

    [Fact]
    public void Layers_and_manifests_together_are_refused()
    {
        var both = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"config":{{Descriptor}},"layers":[],"manifests":[]}""");
        Assert.Throws<NaruException>(() => ImageManifest.Parse(both, MediaTypes.OciManifest));
        Assert.Throws<NaruException>(() => ImageIndex.Parse(both, MediaTypes.OciIndex));
    }

    [Fact]
    public void A_media_type_unlike_the_senders_is_refused()
    {
        var manifest = Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{MediaTypes.OciManifest}}","config":{{Descriptor}},"layers":[]}""");
        Assert.Equal(MediaTypes.OciManifest, ImageManifest.Parse(manifest, MediaTypes.OciManifest).MediaType);
        Assert.Throws<NaruException>(() => ImageManifest.Parse(manifest, MediaTypes.DockerManifest));
        Assert.Throws<NaruException>(() => ManifestKind.Detect(manifest, MediaTypes.OciIndex));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{\"rootfs\":{\"diff_ids\":[\"x\"]}}")]
    [InlineData("{\"config\":{\"Env\":{}}}")]
    public void Malformed_configs_are_bad_input(string json) =>
        Assert.Equal(ErrorKind.InvalidArgument, Assert.Throws<NaruException>(() => ImageConfig.Parse(Encoding.UTF8.GetBytes(json))).Kind);

    [Fact]
    public void A_chain_of_one_layer_is_that_layer()
    {
        var a = Digest.Of("a"u8);
        var b = Digest.Of("b"u8);
        Assert.Equal(a, ChainId.Of([a]));
        Assert.Equal(Digest.Of(Encoding.ASCII.GetBytes($"{a} {b}")), ChainId.Of([a, b]));
    }
}
