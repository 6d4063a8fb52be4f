using System.Text;
using System.Text.Json;
using Naru.Base;
using Naru.Build.Attestations;
using Naru.Oci;

namespace Naru.Tests.Build.Attestations;

public sealed class StatementTests
{
    private static readonly Platform Amd64 = new() { Os = "linux", Architecture = "amd64" };

    [Theory]
    [InlineData("docker.io/library/busybox:1", "pkg:docker/busybox@1?platform=linux%2Famd64")]
    [InlineData("localhost:5000/my/bb:1.2", "pkg:docker/localhost:5000/my/bb@1.2?platform=linux%2Famd64")]
    public void An_image_is_told_by_its_package_url(string reference, string url) => Assert.Equal(url, PackageUrl.Of(ImageReference.Parse(reference), Amd64));

    [Fact]
    public void What_is_said_of_an_image_is_a_manifest_of_statements()
    {
        var image = Descriptor.Of(MediaTypes.OciManifest, "image"u8);
        var manifest = AttestationManifest.Of(image, Amd64, [ImageReference.Parse("app").WithDefaultTag()], [new Attestation(Attestation.Spdx, "{\"a\":1.50}"u8.ToArray(), "sbom.spdx.json")]);
        Assert.Equal("attestation-manifest", manifest.Target.Annotations![MediaTypes.ReferenceTypeAnnotation]);
        Assert.Equal(image.Digest.ToString(), manifest.Target.Annotations["vnd.docker.reference.digest"]);
        Assert.Equal("unknown/unknown", manifest.Target.Platform!.ToString());
        Assert.Equal(manifest.Target.Digest, Digest.Of(manifest.Bytes));
        var layer = Assert.Single(manifest.Document.Layers);
        Assert.Equal("application/vnd.in-toto+json", layer.MediaType);
        Assert.Equal("https://spdx.dev/Document", layer.Annotations!["in-toto.io/predicate-type"]);
        Assert.Equal(
            "{\"_type\":\"https://in-toto.io/Statement/v0.1\",\"predicateType\":\"https://spdx.dev/Document\",\"subject\":[{\"name\":\"pkg:docker/app@latest?platform=linux%2Famd64\","
            + $"\"digest\":{{\"sha256\":\"{image.Digest.Hex}\"}}}}],\"predicate\":{{\"a\":1.50}}}}",
            Encoding.UTF8.GetString(manifest.Statements[0]));
        Assert.Equal($"{{\"architecture\":\"unknown\",\"os\":\"unknown\",\"config\":{{}},\"rootfs\":{{\"type\":\"layers\",\"diff_ids\":[\"{layer.Digest}\"]}}}}", Encoding.UTF8.GetString(manifest.Config));
        // Nobody takes it for an image.
        var index = new ImageIndex { Manifests = [manifest.Target, image with { Platform = Amd64 }] };
        Assert.Equal(image.Digest, index.Select(Amd64)!.Digest);
    }

    [Fact]
    public void A_generator_says_of_what_it_speaks_or_leaves_it_to_us()
    {
        var left = SbomScan.Parse("s", "{\"predicateType\":\"https://spdx.dev/Document\",\"predicate\":{\"name\":\"x\"}}"u8.ToArray());
        Assert.Empty(left.Subjects);
        Assert.Equal("{\"name\":\"x\"}", Encoding.UTF8.GetString(left.Predicate));
        var said = SbomScan.Parse("s", "{\"predicateType\":\"https://spdx.dev/Document\",\"subject\":[{\"name\":\"n\",\"digest\":{\"sha256\":\"ab\"}}],\"predicate\":{}}"u8.ToArray());
        Assert.Equal(new Subject("n", "ab"), Assert.Single(said.Subjects));
        using var written = JsonDocument.Parse(Statement.Write(said, [new Subject("other", "cd")], indented: true));
        Assert.Equal("n", written.RootElement.GetProperty("subject")[0].GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("[]", "sbom s is no in-toto statement")]
    [InlineData("{\"predicate\":1}", "sbom s is no in-toto statement")]
    [InlineData("{\"predicate\":{},\"predicateType\":\"x\"}", "bundle entry s does not match required predicate type https://spdx.dev/Document: it is \"x\"")]
    [InlineData("{", "sbom s is no JSON")]
    public void What_is_no_statement_is_refused(string content, string message) =>
        Assert.StartsWith(message, Assert.Throws<NaruException>(() => SbomScan.Parse("s", Encoding.UTF8.GetBytes(content))).Message);
}
