using Naru.Build.Copying;
using Naru.Build.Execution;
using Naru.Build.Graph;
using Naru.Engine;
using Naru.Oci;

namespace Naru.Build.Solver;

/// <summary>The digests of files that steps read of other results.</summary>
internal sealed class StepContents(EngineHost engine, StepRunner runner)
{
    public async Task<Digest> Of(CopyAction copy, StepResult from, CancellationToken cancel)
    {
        using var tree = await runner.Open(from, Path.Combine(engine.Paths.BuildState, "read-" + Guid.NewGuid().ToString("N")), cancel);
        var source = new SourceTree { Folder = tree.Path, KnownDigest = from.Folder is { } folder ? folder.KnownDigest : null };
        return await Task.Run(() => TreeDigest.Of(copy, source, cancel), cancel);
    }

    /// <summary>All that a mount shows.</summary>
    public Task<Digest> Of(RunMount mount, StepResult from, CancellationToken cancel) =>
        Of(new CopyAction { From = null, Sources = [mount.Source], Target = "/", Wildcards = false }, from, cancel);
}
