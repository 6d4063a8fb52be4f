using Naru.Build.Cache;
using Naru.Build.Cache.Remote;
using Naru.Build.Context;
using Naru.Build.Execution;
using Naru.Build.Graph;
using Naru.Build.Progress;
using Naru.Build.Solver;
using Naru.Build.Sources;
using Naru.Engine;

namespace Naru.Build;

/// <summary>What all builds of an engine share, wired by hand.</summary>
internal sealed class BuildRooms : IDisposable
{
    public BuildRooms(EngineHost engine)
    {
        Cache = new CacheStore(Path.Combine(engine.Paths.Builds, "cache.jsonl"));
        Caches = new CacheMounts(Path.Combine(engine.Paths.Builds, "caches"));
        Folders = new LayerFolders(engine.Containerd);
        Contexts = new ContextStore(Path.Combine(engine.Paths.Builds, "contexts"));
        Images = new ImageSource(engine);
        Layouts = new LayoutSource(engine);
        Http = new HttpSource(Path.Combine(engine.Paths.Builds, "http"));
        Git = new GitSource(Path.Combine(engine.Paths.Builds, "git"));
        Runner = new StepRunner(engine, Cache, Folders, Images, new RunExecutor(engine, Caches));
        Imported = new ImportedLayers(engine);
        Contents = new StepContents(engine, Runner);
        Usage = new CacheUsage(engine, Cache, Caches, Contexts, Folders, Http.Kept, Git.Kept);
    }

    public CacheStore Cache { get; }

    public CacheMounts Caches { get; }

    public LayerFolders Folders { get; }

    public ImageSource Images { get; }

    public ContextStore Contexts { get; }

    public CacheUsage Usage { get; }

    public LayoutSource Layouts { get; }

    public HttpSource Http { get; }

    public GitSource Git { get; }

    public StepRunner Runner { get; }

    public StepContents Contents { get; }

    public ImportedLayers Imported { get; }

    public RunningSteps Running { get; } = new();

    public StepWatcher Watcher(Step step, BuildProgress progress) => new(step.Digest, progress);

    public void Dispose()
    {
        Http.Dispose();
        Cache.Dispose();
    }
}
