using Naru.Containerd;
using Naru.Images;
using Naru.Oci;

namespace Naru.Tests.Containerd;

/// <summary>Which names an import gives, by the rules that ctr sends.</summary>
public sealed class ImportNameTests
{
    private static readonly Digest Digest = Digest.Of("x"u8);
    private static readonly ImportName Prefix = new("example.com/base", IsPrefix: true, AllowOverwrite: true, AddDigest: false, SkipNamedDigest: false);
    private static readonly ImportName ByDigest = Prefix with { AddDigest = true };

    [Fact]
    public void The_archives_own_name_stands() => Assert.Equal(["docker.io/library/a:1"], Names(Image(["a:1"], []), Prefix));

    [Fact]
    public void A_bare_tag_goes_behind_the_prefix() => Assert.Equal(["example.com/base:v2"], Names(Image([], ["v2"]), Prefix));

    [Fact]
    public void A_name_outside_the_prefix_counts_only_where_any_may_stand()
    {
        var strict = Prefix with { AllowOverwrite = false };
        Assert.Empty(Names(Image(["a:1", "example.com/basement:1"], []), strict));
        Assert.Equal(["example.com/base/a:1"], Names(Image(["example.com/base/a:1"], []), strict));
        Assert.Equal([$"example.com/base@{Digest}"], Names(Image(["a:1"], []), strict, ByDigest with { AllowOverwrite = false, SkipNamedDigest = true }));
    }

    [Fact]
    public void A_digest_is_added_unless_the_image_is_named_and_named_ones_are_skipped()
    {
        Assert.Equal([$"example.com/base@{Digest}"], Names(Image([], []), ByDigest));
        Assert.Equal(["docker.io/library/a:1", $"example.com/base@{Digest}"], Names(Image(["a:1"], []), Prefix, ByDigest));
        Assert.Equal(["docker.io/library/a:1"], Names(Image(["a:1"], []), Prefix, ByDigest with { SkipNamedDigest = true }));
    }

    [Fact]
    public void A_whole_name_is_taken_as_it_is() => Assert.Equal(["given:1"], Names(Image(["a:1"], []), new ImportName("given:1", false, false, false, false)));

    private static ImportedImage Image(string[] names, string[] bareTags) =>
        new(new Descriptor { MediaType = MediaTypes.OciManifest, Digest = Digest, Size = 1 }, [.. names.Select(ImageReference.Parse)]) { BareTags = bareTags };

    private static IEnumerable<string> Names(ImportedImage image, params ImportName[] rules) => ImageImporter.Names(image, rules);
}
