using System.Collections.Concurrent;
using Naru.Base;
using Naru.Build.Cache;
using Naru.Build.Context;
using Naru.Build.Copying;
using Naru.Build.Graph;
using Naru.Build.Solver;
using Naru.Build.Sources;
using Naru.Engine;
using Naru.Oci;

namespace Naru.Build.Execution;

/// <summary>Does the work of one step and keeps what came of it: a workspace, the step's own doing, a snapshot, a record.</summary>
internal sealed class StepRunner(EngineHost engine, CacheStore cache, LayerFolders folders, ImageSource images, RunExecutor runs)
{
    private readonly ConcurrentBag<string> orphans = [];

    /// <param name="key">What leads to the result from now on; <paramref name="alias"/> too, unless it is empty or the same.</param>
    /// <param name="inputs">The result of the input at a place.</param>
    /// <param name="output">Told what a program writes.</param>
    public async Task<CacheRecord> Run(Step step, Digest key, Digest alias, StepResult root, Func<int, StepResult> inputs, IBuildSession session, Action<int, byte[]> output, CancellationToken cancel)
    {
        await images.Fetch(root.Image, session, cancel);
        for (var place = 0; place < step.Inputs.Count; place++)
            await images.Fetch(inputs(place).Image, session, cancel);
        await using var workspace = await Workspace.Open(engine.Containerd, folders, engine.Paths, root.Snapshot, cancel);
        Action<string>? prune = null;
        switch (step)
        {
            case RunStep run:
                var stubs = await runs.Run(run, workspace, from => from is null ? Task.FromResult<IReadOnlyList<string>>([]) : Folders(inputs(step.PlaceOf(from)), cancel), session, output, cancel);
                prune = _ => stubs.Prune(workspace.Layers);
                break;
            case FileStep file:
                await Change(file, workspace, from => inputs(step.PlaceOf(from)), cancel);
                break;
            default:
                throw new InvalidOperationException($"{step.GetType().Name} makes no layer");
        }

        var (snapshot, size) = await workspace.Commit(prune, cancel);
        return Keep(new CacheRecord
        {
            Id = key,
            Aliases = alias.IsEmpty || alias == key ? [] : [alias],
            Snapshot = snapshot,
            Parent = root.Snapshot,
            Description = step.Name,
            Created = DateTimeOffset.UtcNow,
            LastUsed = DateTimeOffset.UtcNow,
            Size = size,
            Boot = CacheRecord.CurrentBoot,
        });
    }

    /// <summary>Puts one layer upon others, sharing its files.</summary>
    /// <param name="identity">The layer's.</param>
    public async Task<StepResult> Merge(StepResult below, ResultLayer layer, Digest identity, CancellationToken cancel)
    {
        var key = CacheKeys.OfMerge(below.Identity, identity);
        if (cache.Find(key) is not { } record || record.Parent != below.Snapshot)
        {
            var name = Workspace.Prefix + Guid.NewGuid().ToString("N");
            await Share(name, below.Snapshot, layer.Snapshot, root: true, cancel);
            record = Keep(new CacheRecord
            {
                Id = key,
                Snapshot = name,
                Parent = below.Snapshot,
                Description = layer.Record?.Description ?? "",
                Created = layer.Record?.Created ?? layer.Created ?? DateTimeOffset.UtcNow,
                LastUsed = DateTimeOffset.UtcNow,
                DiffId = layer.Record?.DiffId ?? layer.DiffId,
                Blobs = layer.Record?.Blobs ?? (layer.Blob is { } blob ? [blob] : []),
                Boot = CacheRecord.CurrentBoot,
                Synced = layer.Record?.Synced ?? true,
            });
        }

        return new StepResult { Identity = record.Id, Layers = [.. below.Layers, new ResultLayer(record.Snapshot, record, record.DiffId, null)], Image = below.Image };
    }

    /// <summary>Makes the committed snapshot <paramref name="name"/> of the files of another, upon <paramref name="parent"/>.</summary>
    /// <param name="root">No garbage collection takes it.</param>
    public async Task Share(string name, string parent, string source, bool root, CancellationToken cancel)
    {
        var mounts = await engine.Containerd.ShareSnapshot(name, parent, source, root, new Dictionary<string, string>(), cancel);
        if (mounts is null)
            return;
        // A containerd that is not ours cannot share files: they are copied.
        var key = name + "-shared";
        try
        {
            var layer = (await folders.Of(source, cancel))[0];
            var target = Naru.Engine.Containers.RootMount.Layers(mounts)[0];
            await Task.Run(() => LayerCopy.Copy(layer, target, cancel), cancel);
            await engine.Containerd.CommitSnapshot(name, key, cancel);
        }
        catch
        {
            await engine.Containerd.RemoveSnapshot(key, CancellationToken.None);
            throw;
        }
    }

    private async Task Change(FileStep step, Workspace workspace, Func<Step, StepResult> source, CancellationToken cancel)
    {
        var trees = new Dictionary<Step, MountedTree>();
        try
        {
            var sources = new Dictionary<Step, SourceTree>();
            foreach (var action in step.Actions)
            {
                if (action is not CopyAction { From: { } from } || sources.ContainsKey(from))
                    continue;
                var result = source(from);
                var tree = trees[from] = await Open(result, Path.Combine(workspace.Folder, $"source-{trees.Count}"), cancel);
                sources[from] = SourceTree.Of(tree.Path, result.Folder);
            }

            await Task.Run(() => FileActions.Apply(step, workspace.Root, from => from is null ? SourceTree.Empty : sources[from], new FileActionOptions { Upper = workspace.Layers.Count > 1 ? workspace.Layers[0] : null }, cancel), cancel);
        }
        finally
        {
            foreach (var tree in trees.Values)
                tree.Dispose();
        }
    }

    /// <summary>Shows a result's files at a path.</summary>
    public async Task<MountedTree> Open(StepResult result, string target, CancellationToken cancel) =>
        result.Folder is { } folder ? MountedTree.Plain(folder.Path) : MountedTree.Open(await folders.Of(result.Snapshot, cancel), target);

    private async Task<IReadOnlyList<string>> Folders(StepResult result, CancellationToken cancel) =>
        result.Folder is { } folder ? [folder.Path] : await folders.Of(result.Snapshot, cancel);

    /// <summary>Removes the snapshots of results that were replaced. Called when nobody builds: a build may stand on what was replaced under it.</summary>
    public async Task Tidy()
    {
        while (orphans.TryTake(out var snapshot))
        {
            try
            {
                await engine.Containerd.RemoveSnapshot(snapshot, CancellationToken.None);
                folders.Forget(snapshot);
            }
            catch (NaruException e)
            {
                // It has children still: the next start takes it when they are gone.
                Log.Debug($"snapshot {snapshot}: {e.Message}");
            }
        }
    }

    /// <summary>Has a record found from now on.</summary>
    public CacheRecord Keep(CacheRecord record)
    {
        if (cache.Add(record) is { } replaced)
            orphans.Add(replaced.Snapshot);
        return record;
    }
}
