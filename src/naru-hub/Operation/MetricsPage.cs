using System.Diagnostics;
using Naru.Hub.Gc;
using Naru.HubServer.Http;

namespace Naru.HubServer.Operation;

/// <summary>GET /metrics.</summary>
/// <param name="databaseFile">The file whose size is the database's; null where it is no file.</param>
internal sealed class MetricsPage(MetricsAccess access, RequestFigures requests, StoredFigures stored, GarbageCollector garbage, string? databaseFile)
{
    private static readonly DateTime Started = Process.GetCurrentProcess().StartTime.ToUniversalTime();

    public async Task Get(HubCall call)
    {
        access.Check(call);
        var text = new MetricsText();
        Requests(text);
        var figures = await stored.Get(call.Cancel);
        text.Single("naru_hub_storage_bytes", "gauge", "Bytes of all blobs, each once.", figures.Bytes);
        text.Single("naru_hub_storage_objects", "gauge", "Blobs.", figures.Blobs);
        text.Single("naru_hub_uploads_open", "gauge", "Uploads that are not finished.", figures.Uploads);
        text.Single("naru_hub_repositories", "gauge", "Repositories.", figures.Repositories);
        text.Single("naru_hub_manifests", "gauge", "Manifests, each once.", figures.Manifests);
        text.Single("naru_hub_tags", "gauge", "Tags.", figures.Tags);
        text.Single("naru_hub_webhook_deliveries_pending", "gauge", "Deliveries to web hooks that are still to be made.", figures.Deliveries);
        if (databaseFile is not null)
            text.Single("naru_hub_database_bytes", "gauge", "Size of the database's file and its log.", Length(databaseFile) + Length(databaseFile + "-wal"));
        if (await garbage.Progress(call.Cancel) is { } progress)
            Garbage(text, progress);
        Machine(text);
        call.Response.Headers.CacheControl = "no-store";
        await call.Bytes(text.ToBytes(), MetricsText.ContentType);
    }

    private static void Garbage(MetricsText text, GarbageProgress progress)
    {
        text.Single("naru_hub_gc_running", "gauge", "1 while garbage is collected.", progress.Running ? 1 : 0);
        text.Single("naru_hub_gc_failed", "gauge", "1 when the last collection failed.", progress.Stage == GarbageStage.Failed ? 1 : 0);
        text.Single("naru_hub_gc_time_seconds", "gauge", "When the last collection ended, or was heard of, in seconds since 1970.", (progress.At - DateTime.UnixEpoch).TotalSeconds);
        text.Single("naru_hub_gc_deleted_blobs", "gauge", "Blobs that the last collection deleted.", progress.Report.Blobs);
        text.Single("naru_hub_gc_deleted_bytes", "gauge", "Their bytes.", progress.Report.BlobBytes);
    }

    private void Requests(MetricsText text)
    {
        var kinds = RequestKinds.Words;
        text.Head("naru_hub_requests_total", "counter", "Requests that were answered.");
        for (var kind = 0; kind < kinds.Length; kind++)
        {
            for (var method = 0; method < RequestFigures.Methods.Length; method++)
            {
                for (var status = 0; status < RequestFigures.Statuses.Length; status++)
                {
                    if (requests.Count(kind, method, status) is > 0 and var count)
                        text.Value("naru_hub_requests_total", $"kind=\"{kinds[kind]}\",method=\"{RequestFigures.Methods[method]}\",status=\"{RequestFigures.Statuses[status]}\"", count);
                }
            }
        }

        text.Head("naru_hub_request_seconds", "histogram", "How long requests took.");
        for (var kind = 0; kind < kinds.Length; kind++)
            Times(text, kind, $"kind=\"{kinds[kind]}\"");
        text.Head("naru_hub_received_bytes_total", "counter", "Bytes of requests' bodies.");
        for (var kind = 0; kind < kinds.Length; kind++)
            text.Value("naru_hub_received_bytes_total", $"kind=\"{kinds[kind]}\"", requests.Received(kind));
        text.Head("naru_hub_sent_bytes_total", "counter", "Bytes of answers' bodies.");
        for (var kind = 0; kind < kinds.Length; kind++)
            text.Value("naru_hub_sent_bytes_total", $"kind=\"{kinds[kind]}\"", requests.Sent(kind));
        text.Single("naru_hub_requests_under_way", "gauge", "Requests that are being served.", requests.UnderWay);
        text.Single("naru_hub_pulls_total", "counter", "Manifests that were given out.", requests.Pulls);
        text.Single("naru_hub_pushes_total", "counter", "Manifests that were pushed.", requests.Pushes);
        text.Single("naru_hub_deletes_total", "counter", "Manifests and tags that were deleted.", requests.Deletes);
    }

    private void Times(MetricsText text, int kind, string label)
    {
        long all = 0;
        for (var bucket = 0; bucket < RequestFigures.Bounds.Length; bucket++)
        {
            all += requests.Bucket(kind, bucket);
            text.Value("naru_hub_request_seconds_bucket", $"{label},le=\"{RequestFigures.Bounds[bucket].ToString("R", System.Globalization.CultureInfo.InvariantCulture)}\"", all);
        }

        all += requests.Bucket(kind, RequestFigures.Bounds.Length);
        text.Value("naru_hub_request_seconds_bucket", $"{label},le=\"+Inf\"", all);
        text.Value("naru_hub_request_seconds_sum", label, requests.Seconds(kind));
        text.Value("naru_hub_request_seconds_count", label, all);
    }

    private static void Machine(MetricsText text)
    {
        using var process = Process.GetCurrentProcess();
        text.Single("process_resident_memory_bytes", "gauge", "Resident memory.", process.WorkingSet64);
        text.Single("process_cpu_seconds_total", "counter", "Processor time, user and system.", process.TotalProcessorTime.TotalSeconds);
        text.Single("process_threads", "gauge", "Threads.", process.Threads.Count);
        text.Single("process_open_fds", "gauge", "Open files and sockets.", Directory.GetFileSystemEntries("/proc/self/fd").Length);
        text.Single("process_start_time_seconds", "gauge", "When the process was started, in seconds since 1970.", (Started - DateTime.UnixEpoch).TotalSeconds);
        text.Single("dotnet_heap_bytes", "gauge", "Managed memory in use.", GC.GetTotalMemory(false));
        text.Head("dotnet_collections_total", "counter", "Collections of managed memory.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
            text.Value("dotnet_collections_total", $"generation=\"{generation}\"", GC.CollectionCount(generation));
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
