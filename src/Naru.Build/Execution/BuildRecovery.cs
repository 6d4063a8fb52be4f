using Naru.Base;
using Naru.Build.Cache;
using Naru.Engine;
using Naru.Linux;

namespace Naru.Build.Execution;

/// <summary>Takes away what a killed engine left of its builds: containers, mounts, folders, snapshots that no record names.</summary>
internal static class BuildRecovery
{
    public static async Task Run(EngineHost engine, CacheStore cache, CancellationToken cancel)
    {
        var runtime = new RuntimeProgram(engine.Options, engine.Paths);
        foreach (var id in runtime.Left())
            runtime.Delete(id);
        Unmount(engine.Paths.BuildState);
        foreach (var folder in Directory.EnumerateDirectories(engine.Paths.BuildState))
            Remove(folder);
        Remove(Path.Combine(engine.Paths.Builds, "tmp"));
        await Reconcile(engine, cache, cancel);
    }

    /// <summary>Snapshots without a record go, and records without a snapshot.</summary>
    private static async Task Reconcile(EngineHost engine, CacheStore cache, CancellationToken cancel)
    {
        var there = (await engine.Containerd.SnapshotsNamed(Workspace.Prefix, cancel)).ToHashSet();
        foreach (var record in cache.All)
        {
            if (!there.Contains(record.Snapshot))
                cache.Drop(record);
        }

        var named = cache.All.Select(record => record.Snapshot).ToHashSet();
        var orphans = there.Where(snapshot => !named.Contains(snapshot)).ToList();
        // Children before parents, whatever their order: again and again while some go.
        for (var before = int.MaxValue; orphans.Count > 0 && orphans.Count < before;)
        {
            before = orphans.Count;
            List<string> left = [];
            foreach (var snapshot in orphans)
            {
                try
                {
                    await engine.Containerd.RemoveSnapshot(snapshot, cancel);
                }
                catch (NaruException e) when (e.Kind == ErrorKind.FailedPrecondition)
                {
                    left.Add(snapshot);
                }
            }

            orphans = left;
        }
    }

    private static void Unmount(string root)
    {
        var prefix = root.TrimEnd('/') + "/";
        foreach (var line in File.ReadLines("/proc/self/mountinfo").Reverse())
        {
            var target = line.Split(' ')[4].Replace("\\040", " ", StringComparison.Ordinal);
            if (target.StartsWith(prefix, StringComparison.Ordinal))
                Mounts.Unmount(target, detach: true);
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.Warn($"{folder} is left for the next start: {e.Message}");
        }
    }
}
