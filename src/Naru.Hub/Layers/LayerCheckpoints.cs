using Naru.Linux;

namespace Naru.Hub.Layers;

/// <summary>The checkpoints of one layer while it is read, never more than so many: when there are, every second goes and the distance doubles.</summary>
internal sealed class LayerCheckpoints(LayerIndexLimits limits)
{
    private readonly List<Packed> places = [];

    public long Distance { get; private set; } = limits.CheckpointDistance;

    public int Count => places.Count;

    public void Add(StreamCheckpoint checkpoint)
    {
        if (checkpoint.Output - (places.Count > 0 ? places[^1].Place.Output : 0) < Distance)
            return;
        var window = checkpoint.Window is null ? null : LayerIndexFormat.Pack(checkpoint.Window);
        places.Add(new Packed(checkpoint with { Window = null }, window, checkpoint.Window?.Length ?? 0));
        if (places.Count <= limits.Checkpoints)
            return;
        for (var i = 0; i < places.Count / 2; i++)
            places[i] = places[(i * 2) + 1];
        places.RemoveRange(places.Count / 2, places.Count - (places.Count / 2));
        Distance *= 2;
    }

    /// <summary>Writes the table; the windows follow later, in the same order.</summary>
    public byte[] Table()
    {
        var writer = new PackedWriter();
        long input = 0, output = 0;
        foreach (var (place, window, raw) in places)
        {
            writer.Number(place.Input - input);
            writer.Number(place.Output - output);
            writer.Byte((byte)(place.Bits | (place.Block << 3)));
            writer.Number(window?.Length ?? 0);
            writer.Number(raw);
            (input, output) = (place.Input, place.Output);
        }

        return writer.Written.ToArray();
    }

    public IEnumerable<byte[]> Windows()
    {
        foreach (var place in places)
        {
            if (place.Window is not null)
                yield return place.Window;
        }
    }

    private sealed record Packed(StreamCheckpoint Place, byte[]? Window, int Raw);
}
