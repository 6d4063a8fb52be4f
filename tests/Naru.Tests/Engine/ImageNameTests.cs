using Naru.Base;
using Naru.Engine.Images;
using Naru.Engine.Registries;
using Naru.Oci;

namespace Naru.Tests.Engine;

public sealed class ImageNameTests
{
    private static readonly Digest Target = Digest.Of("manifest"u8);

    [Fact]
    public void An_image_shows_digests_only_of_registries_that_know_it()
    {
        var image = Image(("docker.io/library/one:1", true), ("docker.io/library/one:2", false), ("localhost:5000/two:1", false), (ImageName.Dangling(Target), false));
        Assert.Equal(["one:1", "one:2", "localhost:5000/two:1"], image.Tags);
        Assert.Equal([$"one@{Target}"], image.Digests);
        Assert.Equal(4, image.References.Count);
    }

    [Fact]
    public void An_image_pulled_by_digest_has_no_tag()
    {
        var image = Image(($"docker.io/library/one@{Target}", true));
        Assert.Empty(image.Tags);
        Assert.Equal([$"one@{Target}"], image.Digests);
    }

    [Theory]
    [InlineData("e30=", null)]
    [InlineData("eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAifQ==", "u")]
    [InlineData("eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InA_Pz8ifQ", "u")]
    public void Credentials_are_read_in_both_alphabets(string header, string? user) => Assert.Equal(user, RegistryAccess.Header(header)!.Username);

    [Theory]
    [InlineData(null)]
    [InlineData("%%%")]
    [InlineData("bm90IGpzb24=")]
    public void Credentials_that_cannot_be_read_are_none(string? header) => Assert.Null(RegistryAccess.Header(header));

    [Fact]
    public void Credentials_are_told_to_their_registry_only()
    {
        var answers = RegistryAccess.Answers(RegistryAccess.Header("eyJ1c2VybmFtZSI6InUiLCJwYXNzd29yZCI6InAifQ=="), "localhost:5000")!;
        Assert.Equal("p", answers(new() { Host = "localhost:5000" }).Secret);
        Assert.Equal("", answers(new() { Host = "elsewhere:5000" }).Secret);
    }

    [Theory]
    [InlineData("busybox", "1", "busybox:1")]
    [InlineData("busybox", "", "busybox")]
    [InlineData("busybox:1", null, "busybox:1")]
    public void A_pull_names_its_image(string name, string? tag, string expected) => Assert.Equal(expected, PullService.Reference(name, tag).Familiar);

    [Fact]
    public void A_digest_says_all()
    {
        Assert.Equal($"busybox@{Target}", PullService.Reference("busybox:1", Target.ToString()).Familiar);
        Assert.Equal($"busybox@{Target}", PullService.Reference($"busybox:1@{Target}", null).Familiar);
        Assert.Equal("'scratch' is a reserved name", Assert.Throws<NaruException>(() => PullService.Reference("scratch", "1")).Message);
        Assert.Equal("invalid tag format", Assert.Throws<NaruException>(() => PullService.Reference("x", "-1")).Message);
    }

    private static LocalImage Image(params (string Name, bool FromRegistry)[] names)
    {
        var wire = names.Select(each =>
        {
            var image = new Naru.Rpc.Images.Image { Name = each.Name, Target = new() { Digest = Target.ToString(), MediaType = MediaTypes.DockerManifest, Size = 1 } };
            if (each.FromRegistry)
                image.Labels[ImageName.FromRegistryLabel] = "true";
            return ImageName.Of(image);
        });
        return new LocalImage
        {
            Id = Digest.Of("config"u8),
            Manifest = Target,
            Target = new Descriptor { Digest = Target },
            Document = new ImageManifest(),
            Config = new ImageConfig(),
            Names = [.. wire],
        };
    }
}
