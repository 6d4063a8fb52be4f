using Naru.Base;
using Naru.Build.Execution;
using Naru.Build.Solver;
using Naru.Engine;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>Keeps imported results whose layers were fetched as results of this engine's own: the next build finds them without the cache that they came from.</summary>
internal sealed class CacheAdoption(EngineHost engine, StepRunner runner)
{
    /// <param name="steps">Inputs first.</param>
    /// <returns>The new records.</returns>
    public async Task<IReadOnlyList<CacheRecord>> Keep(IReadOnlyList<SolvedStep> steps, CancellationToken cancel)
    {
        var records = new List<CacheRecord>();
        var adopted = new Dictionary<Digest, CacheRecord>();
        var results = new Dictionary<Digest, StepResult>();
        foreach (var step in steps)
        {
            results[step.Step.Digest] = step.Result;
            if (step.Result is { Promise: null, Image.Fetch: not null, Layers: [.., { Record: null }] } && await Keep(step, results, adopted, cancel) is { } record)
            {
                adopted[step.Step.Digest] = record;
                records.Add(record);
            }
        }

        return records;
    }

    private async Task<CacheRecord?> Keep(SolvedStep step, Dictionary<Digest, StepResult> results, Dictionary<Digest, CacheRecord> adopted, CancellationToken cancel)
    {
        // Found again it must stand on what the build of that time will have below it.
        var layers = step.Result.Layers;
        var below = "";
        if (Solver.Solver.RootOf(step.Step) is { } root)
        {
            if (adopted.TryGetValue(root.Digest, out var record))
            {
                if (results[root.Digest].Snapshot != (layers.Count > 1 ? layers[^2].Snapshot : ""))
                    return null;
                below = record.Snapshot;
            }
            else if (root is Graph.ImageStep && layers.Count > 1)
            {
                below = layers[^2].Snapshot;
            }
            else
            {
                return null;
            }
        }
        else if (layers.Count != 1)
        {
            return null;
        }

        if (!await engine.Containerd.SnapshotExists(step.Result.Snapshot, cancel))
            return null;
        var name = Workspace.Prefix + Guid.NewGuid().ToString("N");
        await runner.Share(name, below, step.Result.Snapshot, root: true, cancel);
        return runner.Keep(new CacheRecord
        {
            Id = step.Keys[0],
            Aliases = [.. step.Keys.Skip(1)],
            Snapshot = name,
            Parent = below,
            Description = step.Step.Name,
            Created = layers[^1].Created ?? DateTimeOffset.UtcNow,
            LastUsed = DateTimeOffset.UtcNow,
            Size = await engine.Containerd.SnapshotUsage(name, cancel),
            DiffId = layers[^1].DiffId,
            Blobs = layers[^1].Blob is { } blob ? [blob] : [],
            Boot = CacheRecord.CurrentBoot,
        });
    }
}
