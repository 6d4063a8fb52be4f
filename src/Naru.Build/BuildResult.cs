using Naru.Build.Solver;

namespace Naru.Build;

/// <summary>A build that was done: what it made for each platform, ready to be exported. Disposed when nothing more is asked of it.</summary>
public sealed class BuildResult : IAsyncDisposable
{
    private readonly Func<Task> release;
    private int released;

    internal BuildResult(IReadOnlyList<SolvedImage> images, IReadOnlyDictionary<string, byte[]> metadata, DateTimeOffset? epoch, Func<Task> release)
    {
        Images = images;
        Metadata = metadata;
        Epoch = epoch;
        this.release = release;
    }

    /// <summary>In the order of the platforms; none when something other than a build was asked for.</summary>
    public IReadOnlyList<SolvedImage> Images { get; }

    /// <summary>What a request other than a build is answered with: <c>result.json</c>, <c>result.txt</c>, <c>version</c>.</summary>
    public IReadOnlyDictionary<string, byte[]> Metadata { get; }

    /// <summary>«now», as SOURCE_DATE_EPOCH has it; null: the time it is.</summary>
    public DateTimeOffset? Epoch { get; }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref released, 1) == 0)
            await release();
    }
}
