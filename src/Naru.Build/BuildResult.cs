using Naru.Build.Attestations;
using Naru.Build.Graph;
using Naru.Build.Solver;
using Naru.Oci;

namespace Naru.Build;

/// <summary>A build that was done: what it made for each platform, ready to be exported. Disposed when nothing more is asked of it.</summary>
public sealed class BuildResult : IAsyncDisposable
{
    private readonly Func<Task> release;
    private int released;

    internal BuildResult(IReadOnlyList<SolvedImage> images, BuildFacts? facts, IReadOnlyDictionary<string, byte[]> metadata, DateTimeOffset? epoch, Func<Task> release)
    {
        Images = images;
        Facts = facts;
        Metadata = metadata;
        Epoch = epoch;
        this.release = release;
    }

    /// <summary>In the order of the platforms; none when something other than a build was asked for.</summary>
    public IReadOnlyList<SolvedImage> Images { get; }

    /// <summary>Of the build; null where nothing was built.</summary>
    internal BuildFacts? Facts { get; }

    /// <summary>What is to be said of one of the images.</summary>
    /// <param name="layersOf">The layers of a step as they are exported; null: none.</param>
    /// <param name="inline">Said in the image itself, and not in a file beside it.</param>
    internal IReadOnlyList<Attestation> Said(SolvedImage image, Func<Step, IReadOnlyList<Descriptor>?> layersOf, bool inline)
    {
        if (Facts?.Attest.Provenance is not { } provenance || (provenance.InlineOnly && !inline))
            return image.Sboms;
        return [.. image.Sboms, Provenance.Of(Facts, provenance, image.Planned.Result, layersOf)];
    }

    /// <summary>True when something is to be said in the images.</summary>
    internal bool IsAttested => Facts?.Attest is { Provenance: not null } or { Sbom: not null };

    /// <summary>What a request other than a build is answered with: <c>result.json</c>, <c>result.txt</c>, <c>version</c>.</summary>
    public IReadOnlyDictionary<string, byte[]> Metadata { get; }

    /// <summary>«now», as SOURCE_DATE_EPOCH has it; null: the time it is.</summary>
    public DateTimeOffset? Epoch { get; }

    /// <summary>Has the files of all layers written to disk: before an image of them gets a name.</summary>
    internal Func<Task> Settle { get; init; } = () => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref released, 1) == 0)
            await release();
    }
}
