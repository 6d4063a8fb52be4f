using Naru.Oci;
using Naru.Rpc.Transfer;

namespace Naru.Engine.Images;

/// <summary>Turns what containerd tells of a push into Docker's lines: layers go by their diff ids, uppermost first. One push, one thread at a time.</summary>
internal sealed class PushProgress
{
    private const string MountedFrom = "mounted from ";

    /// <summary>Docker sends five at a time; the others are said to wait.</summary>
    private const int AtATime = 5;

    private readonly ProgressOutput output;
    private readonly List<(string Digest, long Size, string Id)> order = [];
    private readonly HashSet<string> done = [];

    public PushProgress(ImageManifest manifest, IReadOnlyList<Digest> diffIds, ProgressOutput output)
    {
        this.output = output;
        for (var number = manifest.Layers.Count - 1; number >= 0; number--)
        {
            var layer = manifest.Layers[number];
            var digest = layer.Digest.ToString();
            if (!order.Exists(known => known.Digest == digest))
                order.Add((digest, layer.Size, (number < diffIds.Count ? diffIds[number] : layer.Digest).Hex[..12]));
        }

        foreach (var (_, _, id) in order)
            output.Step(id, "Preparing");
        foreach (var (_, _, id) in order.Skip(AtATime))
            output.Step(id, "Waiting");
    }

    public void Take(Progress line)
    {
        if (line.Desc is null || order.Find(known => known.Digest == line.Desc.Digest) is not { Digest: not null } layer)
            return;
        switch (line.Event)
        {
            case "uploading" when line.Progress_ > 0 && !done.Contains(layer.Digest):
                output.Step(layer.Id, "Pushing", line.Progress_, layer.Size);
                break;
            case "complete":
                Finish(layer, "Pushed");
                break;
            case "already exists":
                Finish(layer, "Layer already exists");
                break;
            case var text when text.StartsWith(MountedFrom, StringComparison.Ordinal):
                Finish(layer, "Mounted from " + text[MountedFrom.Length..]);
                break;
        }
    }

    /// <summary>The push went well: layers that nothing was heard of are there.</summary>
    public void Finish()
    {
        foreach (var layer in order)
            Finish(layer, "Pushed");
    }

    private void Finish((string Digest, long Size, string Id) layer, string status)
    {
        if (done.Add(layer.Digest))
            output.Step(layer.Id, status);
    }
}
