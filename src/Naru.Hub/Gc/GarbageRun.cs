using System.Text.Json;
using Naru.Hub.Metadata;

namespace Naru.Hub.Gc;

/// <summary>One collection, from its first step to its last.</summary>
internal sealed class GarbageRun(IDatabase database, GarbageRows rows, GarbageObjects objects, GarbageLease lease, DateTime started)
{
    /// <summary>Where the progress is written for all processes to read.</summary>
    public const string Setting = "gc.progress";

    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeepEvery = GarbageLease.Life / 8;

    private long kept = Environment.TickCount64;
    private long told;

    public GarbageReport Report { get; } = new();

    public async ValueTask Everything(GarbageOptions options, CancellationToken cancel)
    {
        var before = started - options.Grace;
        for (List<string> keys; (keys = await rows.Uploads(started - options.UploadLife, cancel)).Count > 0;)
        {
            await objects.Delete(keys, cancel);
            Report.Uploads += keys.Count;
            await Pause(GarbageStage.Uploads, cancel);
        }

        // What an index listed, or what was about a manifest, is free only when that is gone.
        for (var known = -1L; options.Untagged && known != Report.Images;)
        {
            known = Report.Images;
            await Pages(GarbageStage.Images, page => rows.Images(page, before, cancel), count => Report.Images += count, cancel);
        }

        await Pages(GarbageStage.Manifests, page => rows.Manifests(page, cancel), count => Report.Manifests += count, cancel);
        await Pages(GarbageStage.Links, page => rows.Links(page, before, cancel), count => Report.Links += count, cancel);
        await Pages(GarbageStage.Blobs, page => Blobs(page, cancel), count => Report.Blobs += count, cancel);
        await objects.Find(before, async unknown =>
        {
            List<string> keys = [];
            foreach (var entry in unknown)
                keys.Add(entry.Key);
            await objects.Delete(keys, cancel);
            Report.Add(unknown);
            await Pause(GarbageStage.Objects, cancel);
        }, cancel);
    }

    public async ValueTask Tell(GarbageStage stage, string? failure)
    {
        told = Environment.TickCount64;
        var progress = new GarbageProgress { Stage = stage, Started = started, At = DateTime.UtcNow, Failure = failure, Report = Report };
        var text = JsonSerializer.Serialize(progress, GarbageJson.Default.GarbageProgress);
        await database.Write(session => session.Execute(
            "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value", Setting, text), CancellationToken.None);
    }

    /// <summary>A step, page by page; between them others have their turn.</summary>
    private async ValueTask Pages(GarbageStage stage, Func<GarbagePage, ValueTask<GarbagePage>> step, Action<long> count, CancellationToken cancel)
    {
        for (var page = GarbagePage.Start; !page.Last;)
        {
            page = await step(page);
            count(page.Deleted);
            await Pause(stage, cancel);
        }
    }

    private async ValueTask<GarbagePage> Blobs(GarbagePage page, CancellationToken cancel)
    {
        List<GarbageBlob> gone = [];
        var next = await rows.Blobs(page, gone, cancel);
        List<string> keys = [];
        foreach (var blob in gone)
        {
            Report.BlobBytes += blob.Size;
            keys.Add(blob.Object);
            if (blob.Index is not null)
                keys.Add(blob.Index);
        }

        await objects.Delete(keys, cancel);
        return next;
    }

    private async ValueTask Pause(GarbageStage stage, CancellationToken cancel)
    {
        if (Environment.TickCount64 - kept > KeepEvery.TotalMilliseconds)
        {
            await lease.Keep(cancel);
            kept = Environment.TickCount64;
        }

        if (Environment.TickCount64 - told > TellEvery.TotalMilliseconds)
            await Tell(stage, null);
    }
}
