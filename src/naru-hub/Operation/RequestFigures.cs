using System.Diagnostics;
using Naru.Hub.Registry;

namespace Naru.HubServer.Operation;

/// <summary>Counts of requests since the start: plain numbers in arrays, added to without a lock.</summary>
internal sealed class RequestFigures
{
    /// <summary>Upper bounds of the buckets of times, in seconds; one more is without a bound.</summary>
    public static readonly double[] Bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

    public static readonly string[] Methods = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "other"];

    /// <summary>Statuses that are counted apart; others as 0.</summary>
    public static readonly int[] Statuses = [0, 200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 400, 401, 403, 404, 405, 408, 409, 413, 415, 416, 422, 429, 500, 502, 503, 507];

    private static readonly int Kinds = RequestKinds.Words.Length;

    private readonly long[] counts = new long[Kinds * Methods.Length * Statuses.Length];
    private readonly long[] buckets = new long[Kinds * (Bounds.Length + 1)];
    private readonly long[] ticks = new long[Kinds];
    private readonly long[] received = new long[Kinds];
    private readonly long[] sent = new long[Kinds];
    private long underWay;
    private long pulls;
    private long pushes;
    private long deletes;

    public long UnderWay => Interlocked.Read(ref underWay);

    /// <summary>Manifests that were given out.</summary>
    public long Pulls => Interlocked.Read(ref pulls);

    public long Pushes => Interlocked.Read(ref pushes);

    public long Deletes => Interlocked.Read(ref deletes);

    public void Begin() => Interlocked.Increment(ref underWay);

    /// <summary>A manifest or tag came or went.</summary>
    public void Count(RepositoryEvent change) => Interlocked.Increment(ref change.Kind == RepositoryEventKind.Push ? ref pushes : ref deletes);

    /// <param name="elapsed">In ticks of <see cref="Stopwatch"/>.</param>
    public void End(RequestKind kind, string method, int status, long elapsed, long bytesIn, long bytesOut)
    {
        Interlocked.Decrement(ref underWay);
        var verb = Math.Max(0, Array.IndexOf(Methods, method, 0, Methods.Length - 1) is var known && known >= 0 ? known : Methods.Length - 1);
        var code = Array.BinarySearch(Statuses, status);
        Interlocked.Increment(ref counts[(((int)kind * Methods.Length) + verb) * Statuses.Length + Math.Max(code, 0)]);
        var seconds = (double)elapsed / Stopwatch.Frequency;
        var bucket = 0;
        while (bucket < Bounds.Length && seconds > Bounds[bucket])
            bucket++;
        Interlocked.Increment(ref buckets[((int)kind * (Bounds.Length + 1)) + bucket]);
        Interlocked.Add(ref ticks[(int)kind], elapsed);
        if (bytesIn > 0)
            Interlocked.Add(ref received[(int)kind], bytesIn);
        if (bytesOut > 0)
            Interlocked.Add(ref sent[(int)kind], bytesOut);
        if (kind == RequestKind.Manifest && verb == 0 && status == 200)
            Interlocked.Increment(ref pulls);
    }

    public long Count(int kind, int method, int status) => Interlocked.Read(ref counts[((kind * Methods.Length) + method) * Statuses.Length + status]);

    public long Bucket(int kind, int bucket) => Interlocked.Read(ref buckets[(kind * (Bounds.Length + 1)) + bucket]);

    public double Seconds(int kind) => (double)Interlocked.Read(ref ticks[kind]) / Stopwatch.Frequency;

    public long Received(int kind) => Interlocked.Read(ref received[kind]);

    public long Sent(int kind) => Interlocked.Read(ref sent[kind]);
}
