using System.Text;
using Naru.Base;
using Naru.Build.Copying;
using Naru.Build.Execution;
using Naru.Build.Graph;
using Naru.Engine;
using Naru.Oci;

namespace Naru.Build.Solver;

/// <summary>The digests of files that steps read of other results.</summary>
internal sealed class StepContents(EngineHost engine, StepRunner runner)
{
    /// <exception cref="CacheKeyException">What is to be read is not there.</exception>
    public async Task<Digest> Of(CopyAction copy, StepResult from, CancellationToken cancel)
    {
        using var tree = await runner.Open(from, Path.Combine(engine.Paths.BuildState, "read-" + Guid.NewGuid().ToString("N")), cancel);
        var source = SourceTree.Of(tree.Path, from.Folder);
        try
        {
            return await Task.Run(() => TreeDigest.Of(copy, source, cancel), cancel);
        }
        catch (NaruException e)
        {
            throw new CacheKeyException("failed to compute cache key", $"failed to calculate checksum of ref {Name(from)}: {e.Message}", e);
        }
    }

    /// <summary>All that a mount shows.</summary>
    public Task<Digest> Of(RunMount mount, StepResult from, CancellationToken cancel) =>
        Of(new CopyAction { From = null, Sources = [mount.Source], Target = "/", Wildcards = false }, from, cancel);

    /// <summary>Formed as BuildKit's names of results are, and as little worth to a reader.</summary>
    private static string Name(StepResult result) => $"naru::{Digest.Of(Encoding.UTF8.GetBytes(result.Folder?.Path ?? result.Snapshot)).Hex[..25]}";
}
