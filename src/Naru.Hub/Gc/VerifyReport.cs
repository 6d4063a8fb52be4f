namespace Naru.Hub.Gc;

/// <summary>What was looked at, and what is wrong.</summary>
public sealed class VerifyReport
{
    /// <summary>How many problems are told in words.</summary>
    private const int MostTold = 1000;

    private readonly Lock gate = new();
    private readonly List<string> problems = [];
    private long blobs;
    private long bytes;
    private long problemCount;

    public long Blobs => Interlocked.Read(ref blobs);

    /// <summary>Bytes of blobs that were read.</summary>
    public long Bytes => Interlocked.Read(ref bytes);

    public long Manifests { get; internal set; }

    public long Tags { get; internal set; }

    /// <summary>Objects that nothing needs any more and that are not collected yet: no harm but their size.</summary>
    public long Unused { get; internal set; }

    public long UnusedBytes { get; internal set; }

    public long ProblemCount => Interlocked.Read(ref problemCount);

    /// <summary>The first of the problems, a line each.</summary>
    public IReadOnlyList<string> Problems
    {
        get
        {
            lock (gate)
                return [.. problems];
        }
    }

    internal void Read(long size)
    {
        Interlocked.Increment(ref blobs);
        Interlocked.Add(ref bytes, size);
    }

    internal void Wrong(string problem)
    {
        Interlocked.Increment(ref problemCount);
        lock (gate)
        {
            if (problems.Count < MostTold)
                problems.Add(problem);
        }
    }
}
