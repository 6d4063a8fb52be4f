using Naru.Build.Cache;
using Naru.Build.Execution;
using Naru.Build.Solver;
using Naru.Engine.Containerd;
using Naru.Engine.Images;
using Naru.Oci;
using Types = Naru.Rpc.Types;

namespace Naru.Build.Export;

/// <summary>Makes blobs of a result's layers: each once for each form, by what an overlay's upper folder holds, without a look at what is below.</summary>
internal sealed class LayerExport(ContainerdClient containerd, CacheStore cache, LayerFolders folders)
{
    private readonly LayerConversion conversion = new(containerd);

    /// <param name="form">How layers that are made here are stored, and which of an image's own.</param>
    /// <param name="latest">No file of a layer that is made here is to be younger; null: as they are.</param>
    /// <returns>All layers, lowest first. Their blobs are there, held by the lease of the call.</returns>
    public async Task<IReadOnlyList<ExportedLayer>> Export(StepResult result, LayerForm form, DateTimeOffset? latest, CancellationToken cancel)
    {
        List<Task<ExportedLayer>> layers = [];
        using var turns = new SemaphoreSlim(Environment.ProcessorCount);
        foreach (var layer in result.Layers)
            layers.Add(One(layer, form, latest, turns, cancel));
        return await Task.WhenAll(layers);
    }

    /// <summary>The layers as an earlier export made them, by what the cache remembers alone.</summary>
    /// <returns>Null: one of them was not made yet in that form. Their blobs may be gone: an image that holds them must be there as well.</returns>
    public IReadOnlyList<ExportedLayer>? Remembered(StepResult result, LayerForm form)
    {
        if (form.Level is not null)
            return null;
        List<ExportedLayer> layers = [];
        foreach (var layer in result.Layers)
        {
            if (layer.Record is not { } made)
            {
                if (form.Changes(layer.Blob!.MediaType))
                    return null;
                layers.Add(Of(layer));
                continue;
            }

            var record = Newest(made);
            if (record.Blobs.FirstOrDefault(blob => blob.MediaType == form.MediaType) is not { } known)
                return null;
            layers.Add(Of(record, record.DiffId, known));
        }

        return layers;
    }

    private async Task<ExportedLayer> One(ResultLayer layer, LayerForm form, DateTimeOffset? latest, SemaphoreSlim turns, CancellationToken cancel)
    {
        if (layer.Record is not { } made)
            return form.Changes(layer.Blob!.MediaType) ? await Converted(layer, form, turns, cancel) : Of(layer);
        var wanted = form.MediaType;
        var record = Newest(made);
        foreach (var blob in record.Blobs)
        {
            if (latest is not null || form.Level is not null || blob.MediaType != wanted)
                continue;
            await containerd.HoldContent(blob.Digest, cancel);
            if (await containerd.TryContentInfo(blob.Digest, cancel) is not null)
                return Of(record, record.DiffId, blob);
        }

        await turns.WaitAsync(cancel);
        try
        {
            var all = await folders.Of(layer.Snapshot, cancel);
            var (blob, diffId) = await containerd.Diff(Mounts([.. all.Skip(1)]), Mounts(all), form.Level is null ? wanted : MediaTypes.OciLayer, latest, cancel);
            if (form.Level is { } level)
                return Of(record, diffId, await conversion.Convert(blob, diffId, wanted, level, cancel)) with { Snapshot = latest is null ? record.Snapshot : null };
            // A layer with other times than its files have is another layer: nothing here is it.
            if (latest is not null)
                return Of(record, diffId, blob) with { Snapshot = null };
            cache.Change(record, known => known.Snapshot == record.Snapshot ? known with { DiffId = diffId, Blobs = [.. known.Blobs.Where(old => old.MediaType != wanted), blob] } : known);
            return Of(record, diffId, blob);
        }
        finally
        {
            turns.Release();
        }
    }

    /// <summary>A base image's layer, in the form that is asked for.</summary>
    private async Task<ExportedLayer> Converted(ResultLayer layer, LayerForm form, SemaphoreSlim turns, CancellationToken cancel)
    {
        await turns.WaitAsync(cancel);
        try
        {
            return Of(layer) with { Blob = await conversion.Convert(layer.Blob!, layer.DiffId, form.MediaType, form.Level, cancel) };
        }
        finally
        {
            turns.Release();
        }
    }

    private CacheRecord Newest(CacheRecord made) => cache.Current(made) is { } current && current.Snapshot == made.Snapshot ? current : made;

    /// <summary>An image's own.</summary>
    private static ExportedLayer Of(ResultLayer layer) => new() { DiffId = layer.DiffId, Blob = layer.Blob!, Created = layer.Created, Snapshot = layer.Snapshot };

    private static ExportedLayer Of(CacheRecord record, Digest diffId, Descriptor blob) =>
        new() { DiffId = diffId, Blob = blob, Created = record.Created, Description = record.Description, Snapshot = record.Snapshot };

    /// <summary>A snapshot's mounts as a snapshotter would give them, from its folders, topmost first.</summary>
    private static IReadOnlyList<Types.Mount> Mounts(IReadOnlyList<string> layers) => layers.Count switch
    {
        0 => [],
        1 => [new Types.Mount { Type = "bind", Source = layers[0], Options = { "ro", "rbind" } }],
        _ => [new Types.Mount { Type = "overlay", Source = "overlay", Options = { "lowerdir=" + string.Join(':', layers) } }],
    };
}
