using Naru.Base;
using Naru.Build.Export;
using Naru.Oci;

namespace Naru.Tests.Build.Export;

public sealed class ImageOptionsTests
{
    private static readonly Platform Arm64 = new() { Os = "linux", Architecture = "arm64" };

    [Theory]
    [InlineData("", "uncompressed", false)]
    [InlineData("push=true", "gzip", false)]
    [InlineData("push=true,compression=uncompressed", "uncompressed", false)]
    // Only OCI has a type for it.
    [InlineData("compression=zstd,compression-level=19", "zstd", true)]
    [InlineData("oci-mediatypes=true", "uncompressed", true)]
    public void Layers_are_compressed_when_they_travel_or_when_told(string attributes, string compression, bool oci)
    {
        var options = Parse(attributes);
        Assert.Equal(compression, options.Compression);
        Assert.Equal(oci, options.OciTypes);
        Assert.Equal(oci, options.ManifestType == MediaTypes.OciManifest);
    }

    [Fact]
    public void An_image_of_which_something_is_said_has_OCIs_types_and_no_plain_layer()
    {
        var options = Parse("oci-mediatypes=false") with { IsAttested = true };
        Assert.Equal(MediaTypes.OciLayerGzip, options.Layers.MediaType);
        Assert.True(options.Layers.Changes(MediaTypes.DockerLayer));
        Assert.False(options.Layers.Changes(MediaTypes.OciLayerZstd));
        Assert.True(Parse("compression=gzip,force-compression=true").Layers.Changes(MediaTypes.OciLayerZstd));
        Assert.False(Parse("compression=gzip").Layers.Changes(MediaTypes.DockerLayer));
    }

    [Theory]
    [InlineData("compression=estargz", "compression=estargz is not supported by this engine: it has uncompressed, gzip and zstd")]
    [InlineData("compression=lzma", "unsupported compression type lzma")]
    [InlineData("compression-level=x", "value \"x\" is not a compression level: 0 to 9 for gzip and 0 to 22 for zstd are")]
    [InlineData("push=true,compression-level=10", "compression-level=10 is not a level of gzip: 0 to 9 are")]
    [InlineData("name=a:1,push-by-digest=true", "can't push tagged ref docker.io/library/a:1 by digest")]
    [InlineData("annotation-layer.a=b", "unknown annotation type \"layer\"")]
    [InlineData("colour=red", "exporter attribute colour is not supported")]
    public void What_there_is_not_is_named(string attributes, string message) => Assert.Equal(message, Assert.Throws<NaruException>(() => Parse(attributes)).Message);

    [Fact]
    public void An_annotation_is_for_one_document_and_perhaps_one_platform()
    {
        var annotations = Parse("annotation.a=1,annotation-manifest[linux/arm64].b.c=2,annotation-index.d=3,annotation-manifest-descriptor.e=4").Annotations;
        Assert.True(annotations.HasIndex);
        Assert.Equal("a=1", Text(annotations.Of("manifest", new Platform { Os = "linux", Architecture = "amd64" })));
        Assert.Equal("a=1 b.c=2", Text(annotations.Of("manifest", Arm64)));
        Assert.Equal("d=3", Text(annotations.Of("index", null)));
        Assert.Equal("e=4", Text(annotations.Of("manifest-descriptor", Arm64)));
        Assert.Null(annotations.Of("index-descriptor", null));
    }

    private static string Text(IReadOnlyDictionary<string, string>? annotations) => string.Join(' ', (annotations ?? new Dictionary<string, string>()).Select(one => $"{one.Key}={one.Value}"));

    private static ImageOptions Parse(string attributes)
    {
        var parsed = new Dictionary<string, string>();
        foreach (var one in attributes.Split(',', StringSplitOptions.RemoveEmptyEntries))
            parsed[one[..one.IndexOf('=')]] = one[(one.IndexOf('=') + 1)..];
        return ImageOptions.Parse(parsed, null);
    }
}
