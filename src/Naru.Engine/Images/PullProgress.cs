using Naru.Oci;
using Naru.Rpc.Transfer;

namespace Naru.Engine.Images;

/// <summary>Turns what containerd tells of a pull into Docker's lines for its layers. One pull, one thread at a time.</summary>
/// <remarks>
/// A layer goes: Pulling fs layer (Waiting) → Downloading → Verifying Checksum, Download complete → Extracting → Pull complete; or is there
/// already. Lines may be missing or late (progress is dropped rather than waited for): a later one implies those before it.
/// </remarks>
internal sealed class PullProgress
{
    /// <summary>Docker fetches three at a time; the others are said to wait.</summary>
    private const int AtATime = 3;

    private enum Stage
    {
        Announced,
        Downloading,
        Downloaded,
        Extracting,
        Complete,
    }

    private readonly ProgressOutput output;
    private readonly List<Descriptor> order;
    private readonly Dictionary<string, Stage> stages = [];

    /// <param name="layers">The image's layers, lowest first.</param>
    /// <param name="present">Which of them are here.</param>
    public PullProgress(IReadOnlyList<Descriptor> layers, IReadOnlySet<Digest> present, ProgressOutput output)
    {
        this.output = output;
        order = [.. layers.DistinctBy(layer => layer.Digest)];
        var fetched = 0;
        List<Descriptor> waiting = [];
        foreach (var layer in order)
        {
            var here = present.Contains(layer.Digest);
            stages[layer.Digest.ToString()] = here ? Stage.Complete : Stage.Announced;
            output.Step(Short(layer), here ? "Already exists" : "Pulling fs layer");
            if (!here && ++fetched > AtATime)
                waiting.Add(layer);
        }

        foreach (var layer in waiting)
            output.Step(Short(layer), "Waiting");
    }

    public void Take(Progress line)
    {
        if (line.Desc is null || !stages.TryGetValue(line.Desc.Digest, out var stage) || order.Find(layer => layer.Digest.ToString() == line.Desc.Digest) is not { } layer)
            return;
        switch (line.Event)
        {
            case "downloading" when stage <= Stage.Downloading && line.Progress_ > 0:
                stages[line.Desc.Digest] = Stage.Downloading;
                output.Step(Short(layer), "Downloading", line.Progress_, layer.Size);
                break;
            case "complete" or "already exists":
                Downloaded(layer);
                break;
            case "extracting" when stage <= Stage.Extracting:
                Downloaded(layer);
                stages[line.Desc.Digest] = Stage.Extracting;
                if (line.Progress_ > 0)
                    output.Step(Short(layer), "Extracting", line.Progress_, line.Total > 0 ? line.Total : layer.Size);
                break;
            case "extracted":
                Complete(layer);
                break;
        }
    }

    /// <summary>The pull went well: whatever was not told of a layer is told now.</summary>
    public void Finish()
    {
        foreach (var layer in order)
            Complete(layer);
    }

    private void Downloaded(Descriptor layer)
    {
        if (stages[layer.Digest.ToString()] >= Stage.Downloaded)
            return;
        stages[layer.Digest.ToString()] = Stage.Downloaded;
        output.Step(Short(layer), "Verifying Checksum");
        output.Step(Short(layer), "Download complete");
    }

    private void Complete(Descriptor layer)
    {
        if (stages[layer.Digest.ToString()] == Stage.Complete)
            return;
        Downloaded(layer);
        stages[layer.Digest.ToString()] = Stage.Complete;
        output.Step(Short(layer), "Extracting", layer.Size, layer.Size);
        output.Step(Short(layer), "Pull complete");
    }

    private static string Short(Descriptor layer) => layer.Digest.Hex[..12];
}
