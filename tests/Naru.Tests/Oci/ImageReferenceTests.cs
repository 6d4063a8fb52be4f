using Naru.Base;
using Naru.Oci;

namespace Naru.Tests.Oci;

public sealed class ImageReferenceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36")]
    [InlineData("docker.io/busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("index.docker.io/library/busybox", "docker.io/library/busybox", "busybox")]
    [InlineData("me/app", "docker.io/me/app", "me/app")]
    [InlineData("localhost/app", "localhost/app", "localhost/app")]
    [InlineData("localhost:5000/a/b:t", "localhost:5000/a/b:t", "localhost:5000/a/b:t")]
    [InlineData("ghcr.io/me/app@sha256:" + Hex, "ghcr.io/me/app@sha256:" + Hex, "ghcr.io/me/app@sha256:" + Hex)]
    [InlineData("[::1]:5000/app", "[::1]:5000/app", "[::1]:5000/app")]
    [InlineData("UPPER/app", "UPPER/app", "UPPER/app")]
    [InlineData("a__b/c-d---e.f", "docker.io/a__b/c-d---e.f", "a__b/c-d---e.f")]
    [InlineData("app:tag@sha256:" + Hex, "docker.io/library/app:tag@sha256:" + Hex, "app:tag@sha256:" + Hex)]
    public void Familiar_names_have_one_full_form(string text, string full, string familiar)
    {
        var reference = ImageReference.Parse(text);
        Assert.Equal(full, reference.ToString());
        Assert.Equal(familiar, reference.Familiar);
    }

    [Theory]
    [InlineData("", "invalid reference format")]
    [InlineData(":tag", "invalid reference format")]
    [InlineData("a//b", "invalid reference format")]
    [InlineData("-a/b", "invalid reference format")]
    [InlineData("a:tag with space", "invalid reference format")]
    [InlineData("a@sha256:short", "invalid reference format")]
    [InlineData("a\n", "invalid reference format")]
    [InlineData("Foo", "invalid reference format: repository name (library/Foo) must be lowercase")]
    [InlineData("a/Foo:x", "invalid reference format: repository name (a/Foo) must be lowercase")]
    [InlineData(Hex, "invalid repository name (" + Hex + "), cannot specify 64-byte hexadecimal strings")]
    [InlineData("a@md5:0123456789abcdef0123456789abcdef", "unsupported digest algorithm")]
    public void Bad_names_get_dockers_words(string text, string message)
    {
        var e = Assert.Throws<NaruException>(() => ImageReference.Parse(text));
        Assert.Equal(message, e.Message);
        Assert.Equal(ErrorKind.InvalidArgument, e.Kind);
        Assert.False(ImageReference.TryParse(text, out _));
    }

    [Fact]
    public void A_path_of_256_characters_is_too_long()
    {
        var e = Assert.Throws<NaruException>(() => ImageReference.Parse("a.b/" + new string('x', 256)));
        Assert.Equal("repository name must not be more than 255 characters", e.Message);
    }

    [Fact]
    public void Only_a_bare_name_takes_the_default_tag()
    {
        Assert.Equal("a:latest", ImageReference.Parse("a").WithDefaultTag().Familiar);
        Assert.Equal("a:b", ImageReference.Parse("a:b").WithDefaultTag().Familiar);
        Assert.Equal("a@sha256:" + Hex, ImageReference.Parse("a@sha256:" + Hex).WithDefaultTag().Familiar);
    }
}
