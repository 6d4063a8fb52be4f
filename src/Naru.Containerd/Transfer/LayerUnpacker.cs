using Naru.Base;
using Naru.Images;
using Naru.Oci;

namespace Naru.Containerd;

/// <summary>The layers of one image on their way into snapshots: each unpacked into a folder of its own, in any order; stacked when all are there.</summary>
/// <remarks>
/// <see cref="Apply"/> once for each layer that <see cref="Needs"/> says (from many threads), then <see cref="Commit"/>; <see cref="DisposeAsync"/>
/// removes what was not committed. A layer's snapshot is named by its chain id. Layers that are there already are skipped; those that another transfer
/// unpacks right now, always the lowest ones, are waited for by <see cref="Others"/>.
/// </remarks>
public sealed class LayerUnpacker : IAsyncDisposable
{
    private readonly Scope scope;
    private readonly OverlaySnapshotter snapshots;
    private readonly TransfersUnderWay underWay;
    private readonly IReadOnlyList<Digest> diffIds;
    private readonly Digest[] chain;
    private readonly string?[] keys;
    private readonly IReadOnlyCollection<byte[]>[] implied;
    private readonly List<Task<bool>> others = [];
    private readonly List<string> mine = [];
    private bool committed;

    /// <param name="layers">How many the manifest has.</param>
    /// <param name="diffIds">The config's.</param>
    /// <exception cref="NaruException">InvalidArgument: manifest and config differ.</exception>
    public LayerUnpacker(Scope scope, OverlaySnapshotter snapshots, int layers, IReadOnlyList<Digest> diffIds, TransfersUnderWay underWay)
    {
        if (diffIds.Count != layers)
            throw NaruException.Invalid($"number of layers and diffIDs don't match: {layers} != {diffIds.Count}: invalid argument");
        this.scope = scope;
        this.snapshots = snapshots;
        this.diffIds = diffIds;
        this.underWay = underWay;
        chain = new Digest[diffIds.Count];
        keys = new string?[diffIds.Count];
        implied = new IReadOnlyCollection<byte[]>[diffIds.Count];
        try
        {
            for (var i = 0; i < diffIds.Count; i++)
            {
                chain[i] = Oci.ChainId.Next(i == 0 ? default : chain[i - 1], diffIds[i]);
                if (snapshots.Exists(scope, chain[i].ToString()))
                    snapshots.Hold(scope, chain[i].ToString());
                else
                    Begin(i);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The whole stack's chain id; empty for no layers.</summary>
    public Digest ChainId => chain.Length == 0 ? default : chain[^1];

    /// <summary>True when the layer is this unpacker's to unpack.</summary>
    public bool Needs(int layer) => keys[layer] is not null;

    /// <summary>True when another transfer is unpacking some of the layers. Then hold nothing that it may need, and ask <see cref="Others"/>.</summary>
    public bool SharesWork => others.Count > 0;

    /// <summary>Waits for the layers that others unpack. False when one of them was given up: begin anew.</summary>
    public async Task<bool> Others(CancellationToken cancel) => (await Task.WhenAll(others).WaitAsync(cancel)).All(done => done);

    /// <summary>Takes over a layer that is unpacked already.</summary>
    /// <exception cref="NaruException">InvalidArgument: not the one that the config names.</exception>
    internal void Adopt(int layer, UnpackedLayer unpacked)
    {
        keys[layer] = unpacked.Key;
        Check(layer, unpacked.Result);
    }

    /// <summary>Unpacks a layer from a stream of its (compressed) tar.</summary>
    /// <exception cref="NaruException">InvalidArgument: no layer, or not the one that the config names.</exception>
    public void Apply(int layer, Stream content, CancellationToken cancel)
    {
        snapshots.Prepare(scope, keys[layer]!, string.Empty, Reference(layer));
        Check(layer, LayerApplier.Apply(content, snapshots.FilesOf(scope, keys[layer]!), null, cancel));
    }

    private void Check(int layer, LayerApplyResult result)
    {
        if (result.DiffId != diffIds[layer])
            throw NaruException.Invalid($"wrong diff id calculated on extraction \"{result.DiffId}\", the config says \"{diffIds[layer]}\": invalid argument");
        implied[layer] = result.ImpliedFolders;
    }

    /// <summary>Makes the files durable, once for all layers, and then the snapshots, lowest first.</summary>
    public void Commit()
    {
        var lower = new List<string>();
        for (var i = 0; i < keys.Length; i++)
        {
            var folder = snapshots.FilesOf(scope, keys[i] ?? chain[i].ToString());
            if (keys[i] is not null)
                LayerApplier.DressParents(folder, implied[i], lower);
            lower.Insert(0, folder);
        }

        if (keys.FirstOrDefault(k => k is not null) is { } any)
            LayerApplier.Sync(snapshots.FilesOf(scope, any));
        for (var i = 0; i < keys.Length; i++)
        {
            if (keys[i] is { } key)
                Commit(i, key);
            else
                snapshots.Hold(scope, chain[i].ToString());
        }

        committed = true;
    }

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Begin(int layer)
    {
        var name = chain[layer].ToString();
        if (!underWay.TryBegin($"snapshot {scope.Namespace} {name}", out var other))
        {
            others.Add(other);
            return;
        }

        mine.Add($"snapshot {scope.Namespace} {name}");
        if (snapshots.Exists(scope, name))
        {
            // The one who did it ended in between.
            snapshots.Hold(scope, name);
            return;
        }

        keys[layer] = $"extract-{Guid.NewGuid():N} {name}";
    }

    private void Commit(int layer, string key)
    {
        try
        {
            snapshots.Commit(scope, chain[layer].ToString(), key, Reference(layer), rebase: layer == 0 ? null : chain[layer - 1].ToString());
            keys[layer] = null;
        }
        catch (NaruException e) when (e.Kind == ErrorKind.AlreadyExists)
        {
            // A client of the snapshots service was faster; its layer is the same.
            snapshots.Hold(scope, chain[layer].ToString());
        }
    }

    private Dictionary<string, string> Reference(int layer) => new() { ["containerd.io/snapshot.ref"] = chain[layer].ToString() };

    private void Dispose()
    {
        foreach (var key in keys.OfType<string>())
            snapshots.GiveUp(scope, key);
        foreach (var what in mine)
            underWay.End(what, committed);
    }
}
