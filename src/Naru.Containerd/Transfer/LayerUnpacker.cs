using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>The layers of one image on their way into snapshots: each unpacked into a folder of its own, in any order; stacked when all are there.</summary>
/// <remarks>
/// <see cref="Apply"/> once for each missing layer (from many threads), then <see cref="Commit"/>; <see cref="DisposeAsync"/> removes what was not committed.
/// A layer's snapshot is named by its chain id. Layers that are there already are skipped.
/// </remarks>
public sealed class LayerUnpacker : IAsyncDisposable
{
    private readonly Scope scope;
    private readonly OverlaySnapshotter snapshots;
    private readonly IReadOnlyList<Digest> diffIds;
    private readonly Digest[] chain;
    private readonly string?[] keys;
    private readonly TaskCompletionSource[] applied;

    public LayerUnpacker(Scope scope, OverlaySnapshotter snapshots, IReadOnlyList<Digest> diffIds)
    {
        this.scope = scope;
        this.snapshots = snapshots;
        this.diffIds = diffIds;
        chain = new Digest[diffIds.Count];
        keys = new string?[diffIds.Count];
        applied = [.. diffIds.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        for (var i = 0; i < diffIds.Count; i++)
        {
            chain[i] = Oci.ChainId.Next(i == 0 ? default : chain[i - 1], diffIds[i]);
            if (snapshots.Exists(scope, chain[i].ToString()))
            {
                applied[i].SetResult();
                continue;
            }

            keys[i] = $"extract-{Guid.NewGuid():N} {chain[i]}";
            snapshots.Prepare(scope, keys[i]!, string.Empty, new Dictionary<string, string> { ["containerd.io/snapshot.ref"] = chain[i].ToString() });
        }
    }

    /// <summary>The whole stack's chain id; empty for no layers.</summary>
    public Digest ChainId => chain.Length == 0 ? default : chain[^1];

    /// <summary>True when the layer's snapshot is not there yet.</summary>
    public bool Needs(int layer) => keys[layer] is not null;

    /// <summary>Unpacks a layer from a stream of its (compressed) tar.</summary>
    /// <exception cref="NaruException">InvalidArgument: no layer, or not the one that the config names.</exception>
    public void Apply(int layer, Stream content, CancellationToken cancel)
    {
        var lower = new LowerLayers(layer, i =>
        {
            applied[i].Task.Wait(cancel);
            return snapshots.FilesOf(scope, keys[i] ?? chain[i].ToString());
        });
        var result = LayerApplier.Apply(content, snapshots.FilesOf(scope, keys[layer]!), new LayerApplyOptions { LowerFolders = lower }, cancel);
        if (result.DiffId != diffIds[layer])
            throw NaruException.Invalid($"wrong diff id calculated on extraction \"{result.DiffId}\", the config says \"{diffIds[layer]}\": invalid argument");
        applied[layer].SetResult();
    }

    /// <summary>Makes the files durable, once for all layers, and then the snapshots, lowest first.</summary>
    public void Commit()
    {
        if (keys.FirstOrDefault(k => k is not null) is { } any)
            LayerApplier.Sync(snapshots.FilesOf(scope, any));
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] is not { } key)
                continue;
            try
            {
                snapshots.Commit(scope, chain[i].ToString(), key, new Dictionary<string, string> { ["containerd.io/snapshot.ref"] = chain[i].ToString() },
                    rebase: i == 0 ? null : chain[i - 1].ToString());
                keys[i] = null;
            }
            catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
            {
                // Another pull was faster; its layer is the same.
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        foreach (var key in keys.OfType<string>())
        {
            try
            {
                snapshots.Remove(scope, key);
            }
            catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
            {
                // The collector had it already.
            }
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// The folders of the layers below, uppermost first. Asked for only by a layer that leaves out one of its files' parents; that layer waits until the
    /// ones below are unpacked. They began before it, so the lowest that is under way never waits.
    /// </summary>
    private sealed class LowerLayers(int count, Func<int, string> folder) : IReadOnlyList<string>
    {
        public int Count => count;

        public string this[int index] => folder(count - 1 - index);

        public IEnumerator<string> GetEnumerator()
        {
            for (var i = 0; i < count; i++)
                yield return this[i];
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
