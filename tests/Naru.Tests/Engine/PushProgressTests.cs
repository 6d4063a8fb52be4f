using Naru.Engine.Images;
using Naru.Oci;
using Naru.Rpc.Transfer;
using Naru.Rpc.Types;

namespace Naru.Tests.Engine;

public sealed class PushProgressTests
{
    private readonly ProgressOutput output = new();
    private readonly List<Digest> diffIds = [.. Enumerable.Range(0, 7).Select(number => Digest.Of([1, (byte)number]))];

    [Fact]
    public void Layers_go_by_their_diff_ids_uppermost_first_and_the_sixth_waits()
    {
        _ = new PushProgress(Manifest(6), diffIds, output);
        var said = Said();
        Assert.Equal([5, 4, 3, 2, 1, 0, 0], said.Select(line => line.Layer));
        Assert.Equal([.. Enumerable.Repeat("Preparing", 6), "Waiting"], said.Select(line => line.Status));
    }

    [Fact]
    public void Each_layer_says_how_it_came_there()
    {
        var manifest = Manifest(4);
        var progress = new PushProgress(manifest, diffIds, output);
        Said();
        progress.Take(Line(manifest, "uploading", 0, 512));
        progress.Take(Line(manifest, "complete", 0, 1000));
        progress.Take(Line(manifest, "already exists", 1, 1000));
        progress.Take(Line(manifest, "mounted from other/repo", 2, 1000));
        progress.Finish();
        Assert.Equal([(0, "Pushing"), (0, "Pushed"), (1, "Layer already exists"), (2, "Mounted from other/repo"), (3, "Pushed")], Said());
    }

    [Fact]
    public void The_same_layer_twice_is_told_once()
    {
        var one = Manifest(1).Layers[0];
        _ = new PushProgress(new ImageManifest { Layers = [one, one] }, [diffIds[0], diffIds[0]], output);
        Assert.Equal([(0, "Preparing")], Said());
    }

    private static ImageManifest Manifest(int layers) => new()
    {
        Layers = [.. Enumerable.Range(0, layers).Select(number => new Descriptor { MediaType = MediaTypes.DockerLayerGzip, Digest = Digest.Of([2, (byte)number]), Size = 1000 })],
    };

    private static Progress Line(ImageManifest manifest, string what, int layer, long done) => new()
    {
        Event = what,
        Desc = new ContentDescriptor { Digest = manifest.Layers[layer].Digest.ToString(), Size = 1000 },
        Progress_ = done,
        Total = 1000,
    };

    private List<(int Layer, string Status)> Said()
    {
        List<(int, string)> said = [];
        while (output.Lines.TryRead(out var line))
            said.Add((diffIds.FindIndex(id => id.Hex[..12] == line.Id), line.Status!));
        return said;
    }
}
