using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Execution;
using Naru.Build.Sources;
using Naru.Engine;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Build.Cache;

/// <summary>What the builder keeps and how much it takes; and what to remove of it: the longest unused first, and nothing that something else stands on.</summary>
internal sealed class CacheUsage(EngineHost engine, CacheStore cache, CacheMounts mounts, ContextStore contexts, LayerFolders folders, KeptFolders downloads, KeptFolders repositories)
{
    /// <param name="busySince">The beginning of the oldest build that runs; what was used since then is in use. Null: none runs.</param>
    public async Task<IReadOnlyList<CacheEntry>> List(DateTimeOffset? busySince, CancellationToken cancel)
    {
        List<CacheEntry> entries = [];
        await Records(entries, busySince, cancel);
        foreach (var folder in mounts.Idle())
        {
            entries.Add(new CacheEntry
            {
                Id = folder.Name,
                Type = "exec.cachemount",
                Description = $"cached mount {folder.Name}",
                Size = DiskUsage.Of(folder.FullName).Bytes,
                Created = folder.CreationTimeUtc,
                LastUsed = folder.LastAccessTimeUtc,
                Uses = 1,
                Remove = () => Task.FromResult(mounts.Remove(folder)),
            });
        }

        foreach (var context in contexts.List())
        {
            entries.Add(new CacheEntry
            {
                Id = context.Id,
                Type = "source.local",
                Description = "local source for context",
                InUse = context.InUse,
                Size = context.Size,
                Created = context.Created,
                LastUsed = context.LastUsed,
                Uses = 1,
                Remove = () => Task.FromResult(contexts.Remove(context.Id)),
            });
        }

        Downloads(entries, downloads, "regular", "files from a URL");
        Downloads(entries, repositories, "source.git.checkout", "files of a git repository");
        return entries;
    }

    private static void Downloads(List<CacheEntry> entries, KeptFolders kept, string type, string description)
    {
        foreach (var folder in kept.List())
        {
            entries.Add(new CacheEntry
            {
                Id = folder.Name[..Math.Min(25, folder.Name.Length)],
                Type = type,
                Description = description,
                InUse = kept.IsUsed(folder.Name),
                Size = DiskUsage.Of(folder.FullName).Bytes,
                Created = folder.CreationTimeUtc,
                LastUsed = folder.LastWriteTimeUtc,
                Uses = 1,
                Remove = () => Task.FromResult(kept.TryRemove(folder.Name)),
            });
        }
    }

    /// <returns>What went.</returns>
    public async Task<IReadOnlyList<CacheEntry>> Prune(PruneRequest request, DateTimeOffset? busySince, CancellationToken cancel)
    {
        var chosen = new PruneFilter(request);
        var all = await List(busySince, cancel);
        long total = 0;
        foreach (var entry in all)
            total += entry.Size;
        var keep = Keep(request, total, new DriveInfo(engine.Paths.Builds).AvailableFreeSpace);
        var order = new PruneOrder(all, chosen);
        List<CacheEntry> gone = [];
        while (keep is null || total > keep)
        {
            if (order.Next() is not { } entry)
                break;
            if (!await entry.Remove())
                continue;
            gone.Add(entry);
            total -= entry.Size;
        }

        return gone;
    }

    /// <summary>The bytes that may stay; null: none need to.</summary>
    internal static long? Keep(PruneRequest request, long total, long free)
    {
        if (request is { MaxUsedSpace: 0, ReservedSpace: 0, MinFreeSpace: 0 })
            return null;
        var keep = request.MaxUsedSpace > 0 ? request.MaxUsedSpace : long.MaxValue;
        if (request.MinFreeSpace > free)
            keep = Math.Min(keep, total - (request.MinFreeSpace - free));
        else if (request.MaxUsedSpace == 0 && request.MinFreeSpace == 0)
            keep = 0;
        return Math.Max(keep, request.ReservedSpace);
    }

    private async Task Records(List<CacheEntry> entries, DateTimeOffset? busySince, CancellationToken cancel)
    {
        var images = (await engine.Containerd.SnapshotsNamed("sha256:", cancel)).ToHashSet();
        var records = cache.All;
        var bySnapshot = new Dictionary<string, CacheRecord>();
        foreach (var record in records)
            bySnapshot[record.Snapshot] = record;
        foreach (var record in records)
        {
            entries.Add(new CacheEntry
            {
                Id = Name(record),
                Parents = bySnapshot.TryGetValue(record.Parent, out var parent) ? [Name(parent)] : [],
                Type = "regular",
                Description = record.Description,
                InUse = busySince is { } since && record.LastUsed >= since,
                Shared = Chain(record, bySnapshot) is { IsEmpty: false } chain && images.Contains(chain.ToString()),
                Size = record.Size,
                Created = record.Created,
                LastUsed = record.LastUsed,
                Uses = record.Uses,
                Remove = () => Remove(record),
            });
        }
    }

    /// <summary>The name by which an image would know the snapshot; empty while that is not known.</summary>
    private static Digest Chain(CacheRecord record, Dictionary<string, CacheRecord> bySnapshot)
    {
        if (record.DiffId.IsEmpty)
            return default;
        if (record.Parent.Length == 0)
            return ChainId.Next(default, record.DiffId);
        var below = bySnapshot.TryGetValue(record.Parent, out var parent) ? Chain(parent, bySnapshot) : Digest.TryParse(record.Parent, out var image) ? image : default;
        return below.IsEmpty ? default : ChainId.Next(below, record.DiffId);
    }

    private async Task<bool> Remove(CacheRecord record)
    {
        try
        {
            await engine.Containerd.RemoveSnapshot(record.Snapshot, CancellationToken.None);
        }
        catch (NaruException e) when (e.Kind == ErrorKind.FailedPrecondition)
        {
            // A snapshot that is no record's stands on it: a build that runs, or one that was replaced.
            return false;
        }

        cache.Drop(record);
        folders.Forget(record.Snapshot);
        return true;
    }

    /// <summary>Short, as BuildKit's ids are.</summary>
    private static string Name(CacheRecord record) => record.Id.Hex[..25];
}
