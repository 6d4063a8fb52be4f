using Naru.Base;
using Naru.Cli.Build.Solve;

namespace Naru.Tests.Cli.Build;

public sealed class LayoutReferenceTests : IDisposable
{
    private const string One = "sha256:1111111111111111111111111111111111111111111111111111111111111111", Two = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    private readonly string folder = Directory.CreateTempSubdirectory("naru-layout-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_tag_is_looked_for_and_a_digest_is_taken_as_it_is()
    {
        Write($$$"""{"manifests":[{"digest":"{{{One}}}","annotations":{"org.opencontainers.image.ref.name":"latest"}},{"digest":"{{{Two}}}","annotations":{"org.opencontainers.image.ref.name":"docker.io/library/x:two"}}]}""");
        Assert.Equal(new LayoutReference(folder, One), LayoutReference.Resolve($"oci-layout://{folder}"));
        Assert.Equal(Two, LayoutReference.Resolve($"oci-layout://{folder}:two").Digest);
        Assert.Equal(Two, LayoutReference.Resolve($"oci-layout://{folder}:any@{Two}").Digest);
        Assert.Throws<NaruException>(() => LayoutReference.Resolve($"oci-layout://{folder}:three"));
    }

    [Fact]
    public void The_only_image_needs_no_tag()
    {
        Write($$"""{"manifests":[{"digest":"{{One}}"}]}""");
        Assert.Equal(One, LayoutReference.Resolve($"oci-layout://{folder}").Digest);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"manifests\":[{}]}")]
    [InlineData("{\"manifests\":[]}")]
    [InlineData("")]
    public void What_is_no_layout_is_refused(string index)
    {
        Write(index);
        Assert.Contains("could not be resolved", Assert.Throws<NaruException>(() => LayoutReference.Resolve($"oci-layout://{folder}")).Message);
    }

    private void Write(string index) => File.WriteAllText(Path.Combine(folder, "index.json"), index);
}
