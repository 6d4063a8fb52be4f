using Naru.Engine.Images;
using Naru.Oci;
using Naru.Rpc.Transfer;
using Naru.Rpc.Types;

namespace Naru.Tests.Engine;

public sealed class PullProgressTests
{
    private readonly ProgressOutput output = new();
    private readonly List<Descriptor> layers = [.. Enumerable.Range(0, 5).Select(number => new Descriptor { MediaType = MediaTypes.DockerLayerGzip, Digest = Digest.Of([(byte)number]), Size = 1000 })];

    [Fact]
    public void Layers_are_announced_in_order_and_the_fourth_waits()
    {
        _ = new PullProgress(layers, new HashSet<Digest> { layers[0].Digest }, output);
        Assert.Equal(
            [(0, "Already exists"), (1, "Pulling fs layer"), (2, "Pulling fs layer"), (3, "Pulling fs layer"), (4, "Pulling fs layer"), (4, "Waiting")],
            Said());
    }

    [Fact]
    public void A_layer_goes_from_downloading_to_complete()
    {
        var progress = new PullProgress(layers[..1], new HashSet<Digest>(), output);
        progress.Take(Line("waiting", 0));
        progress.Take(Line("downloading", 0, 500));
        progress.Take(Line("complete", 0, 1000));
        progress.Take(Line("extracted", 0, 1000));
        progress.Finish();
        Assert.Equal(["Pulling fs layer", "Downloading", "Verifying Checksum", "Download complete", "Extracting", "Pull complete"], Said().Select(line => line.Status));
    }

    [Fact]
    public void What_was_never_told_is_told_at_the_end_and_once()
    {
        var progress = new PullProgress(layers[..2], new HashSet<Digest>(), output);
        progress.Take(Line("complete", 1, 1000));
        progress.Finish();
        progress.Finish();
        var complete = Said().Where(line => line.Status is "Download complete" or "Pull complete").ToList();
        Assert.Equal([(1, "Download complete"), (0, "Download complete"), (0, "Pull complete"), (1, "Pull complete")], complete);
    }

    [Fact]
    public void Lines_that_come_late_take_nothing_back()
    {
        var progress = new PullProgress(layers[..1], new HashSet<Digest>(), output);
        progress.Finish();
        var before = Said().Count;
        progress.Take(Line("downloading", 0, 10));
        progress.Take(Line("extracting", 0, 10));
        progress.Take(Line("complete", 0, 1000));
        Assert.True(before > 0);
        Assert.Empty(Said());
    }

    [Fact]
    public void Lines_of_other_content_are_not_shown()
    {
        var progress = new PullProgress(layers[..1], new HashSet<Digest>(), output);
        Said();
        progress.Take(new Progress { Event = "Resolving from docker.io" });
        progress.Take(Line("complete", 3, 1000));
        Assert.Empty(Said());
    }

    [Theory]
    [InlineData(36445, 3001273, "[>                                                  ]  36.45kB/3.001MB")]
    [InlineData(117, 117, "[==================================================>]     117B/117B")]
    [InlineData(3010560, 3000000, "[==================================================>]  3.011MB")]
    [InlineData(500, 1000, "[=========================>                         ]     500B/1kB")]
    public void The_bar_is_Dockers(long current, long total, string expected) => Assert.Equal(expected, ProgressOutput.Bar(current, total));

    private Progress Line(string what, int layer, long done = 0) => new()
    {
        Event = what,
        Name = "layer-" + layers[layer].Digest,
        Desc = new ContentDescriptor { Digest = layers[layer].Digest.ToString(), MediaType = layers[layer].MediaType, Size = layers[layer].Size },
        Progress_ = done,
        Total = layers[layer].Size,
    };

    private List<(int Layer, string Status)> Said()
    {
        List<(int, string)> said = [];
        while (output.Lines.TryRead(out var line))
            said.Add((layers.FindIndex(layer => layer.Digest.Hex[..12] == line.Id), line.Status!));
        return said;
    }
}
