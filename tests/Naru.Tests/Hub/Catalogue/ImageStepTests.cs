using Naru.Hub.Catalogue;
using Naru.Oci;

namespace Naru.Tests.Hub.Catalogue;

public sealed class ImageStepTests
{
    [Theory]
    [InlineData("/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD", "[\"bash\"]")]
    [InlineData("/bin/sh -c #(nop) ADD file:0a1b in / ", "ADD", "file:0a1b in /")]
    [InlineData("/bin/sh -c apt-get update", "RUN", "apt-get update")]
    [InlineData("RUN /bin/sh -c make # buildkit", "RUN", "make")]
    [InlineData("RUN |2 A=1 B=2 /bin/sh -c make all # buildkit", "RUN", "make all")]
    [InlineData("|1 A=1 /bin/sh -c make", "RUN", "make")]
    [InlineData("COPY . /srv # buildkit", "COPY", ". /srv")]
    [InlineData("WORKDIR /srv", "WORKDIR", "/srv")]
    [InlineData("bazel build ...", "", "bazel build ...")]
    [InlineData("", "", "")]
    public void A_history_is_read_as_the_line_of_a_Dockerfile(string createdBy, string word, string arguments)
    {
        var steps = ImageStep.Of(Manifest(1), new ImageConfig { History = [new HistoryEntry { CreatedBy = createdBy }] });

        var step = Assert.Single(steps);
        Assert.Equal((word, arguments), (step.Word, step.Arguments));
    }

    [Fact]
    public void Each_layer_gets_the_step_that_made_it()
    {
        var manifest = Manifest(3);
        var steps = ImageStep.Of(manifest, new ImageConfig { History = [new() { CreatedBy = "ADD a /" }, new() { CreatedBy = "ENV A=1", EmptyLayer = true }, new() { CreatedBy = "COPY b /" }] });

        Assert.Equal([manifest.Layers[0], null, manifest.Layers[1], manifest.Layers[2]], steps.Select(step => step.Layer));
        Assert.Equal(["ADD", "ENV", "COPY", ""], steps.Select(step => step.Word));
    }

    [Fact]
    public void A_history_of_more_layers_than_there_are_is_cut() =>
        Assert.Single(ImageStep.Of(Manifest(1), new ImageConfig { History = [new() { CreatedBy = "ADD a /" }, new() { CreatedBy = "COPY b /" }] }));

    private static ImageManifest Manifest(int layers) =>
        new() { Layers = [.. Enumerable.Range(0, layers).Select(i => new Descriptor { MediaType = MediaTypes.OciLayerGzip, Digest = Digest.Of([(byte)i]), Size = i })] };
}
