using System.Collections.Concurrent;
using System.Text;
using Naru.Base;
using Naru.Base.Paths;
using Naru.Build.Attestations;
using Naru.Build.Cache;
using Naru.Build.Cache.Remote;
using Naru.Build.Context;
using Naru.Build.Dockerfile;
using Naru.Build.Execution;
using Naru.Build.Export;
using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Build.Progress;
using Naru.Build.Solver;
using Naru.Engine;
using Naru.Linux;
using Naru.Oci;

namespace Naru.Build;

/// <summary>The builder of an engine: from a client's request to images. docs/life-of-a-build.md follows one.</summary>
/// <remarks>One for the engine's life. <see cref="Start"/> comes before the first build.</remarks>
public sealed class Builder : IDisposable
{
    private readonly EngineHost engine;
    private readonly BuildRooms rooms;
    private readonly Exports exports;
    private readonly CacheExport caches;
    private readonly ConcurrentDictionary<object, DateTimeOffset> building = new();

    public Builder(EngineHost engine)
    {
        this.engine = engine;
        rooms = new BuildRooms(engine);
        var layers = new LayerExport(engine.Containerd, rooms.Cache, rooms.Folders);
        var images = new ImageExport(engine, layers, rooms.Runner, rooms.Images);
        caches = new CacheExport(engine, layers, rooms.Images);
        exports = new Exports(engine, images, rooms.Images, rooms.Runner);
    }

    /// <summary>Takes away what a killed engine left.</summary>
    public Task Start(CancellationToken cancel) => BuildRecovery.Run(engine, rooms.Cache, cancel);

    public void Dispose() => rooms.Dispose();

    /// <summary>Folders that clients sent, kept for their next build.</summary>
    public ContextStore Contexts => rooms.Contexts;

    /// <summary>What is kept from build to build.</summary>
    public Task<IReadOnlyList<CacheEntry>> Usage(CancellationToken cancel) => rooms.Usage.List(BusySince, cancel);

    /// <summary>Removes what is kept and not needed.</summary>
    /// <returns>What went.</returns>
    public Task<IReadOnlyList<CacheEntry>> Prune(PruneRequest request, CancellationToken cancel) => rooms.Usage.Prune(request, BusySince, cancel);

    /// <summary>The beginning of the oldest build that runs; null: none does.</summary>
    private DateTimeOffset? BusySince => building.IsEmpty ? null : building.Values.Min();

    /// <summary>Reads the Dockerfile, plans, and does what the plan says. Nothing is exported.</summary>
    /// <param name="session">The client; must stay until the result is disposed.</param>
    /// <exception cref="DockerfileException">The Dockerfile is wrong: where and why.</exception>
    /// <exception cref="StepFailedException">A step failed.</exception>
    /// <exception cref="NaruException">The request is wrong.</exception>
    public async Task<BuildResult> Solve(BuildRequest request, IBuildSession session, BuildProgress progress, CancellationToken cancel)
    {
        var imports = request.CacheFrom.Count > 0 ? new CacheImports(engine, request.CacheFrom, session, progress, cancel) : null;
        var solver = new Solver.Solver(rooms, session, progress, imports, cancel);
        building[solver] = DateTimeOffset.UtcNow;
        try
        {
            var attributes = FrontendAttributes.Parse(request);
            var source = ContextUrl.Parse(attributes.ContextUrl);
            var started = DateTimeOffset.UtcNow;
            var (dockerfile, ownIgnore, readStep) = await Dockerfile(attributes, source, solver);
            if (attributes.Request.Length == 0)
                request.Read?.Invoke(DockerfileParser.Parse(dockerfile, attributes.FileName));
            var options = attributes.Plan with
            {
                Given = request.Given,
                Ignore = ownIgnore is not null ? IgnoreFile.Read(ownIgnore) : await Ignore("[internal] load .dockerignore", attributes.Plan.ContextLocal, source, solver),
                NamedIgnore = await NamedIgnore(attributes.Plan.NamedContexts, solver),
                ContextStep = source,
            };
            var resolver = new PlanImages(rooms.Images, rooms.Layouts, attributes.Pull, session, progress);
            var planner = new DockerfilePlanner(resolver, dockerfile, attributes.FileName, options, readStep.Digest);
            if (attributes.Request.Length > 0)
                return new BuildResult([], null, await Answer(attributes.Request, planner, progress, cancel), options.SourceDateEpoch, () => Release(solver));
            var plan = await Plan(planner, progress, cancel);
            var scanner = attributes.Attest.Sbom is { } sbom ? await resolver.Resolve(ImageReference.Parse(sbom.Generator).WithDefaultTag().ToString(), Platform.Host, cancel) : null;
            List<SolvedImage> solved = [];
            var results = await Task.WhenAll(plan.Images.Select(planned => solver.Solve(planned.Result)));
            // Most builds neither import nor export a cache: nobody asks then.
            var steps = new Lazy<IReadOnlyList<SolvedStep>>(() => solver.Solved(plan.Images.Select(planned => planned.Result)));
            foreach (var (planned, result) in plan.Images.Zip(results))
                solved.Add(new SolvedImage(planned, result) { Steps = steps, Sboms = scanner is null ? [] : await Scan(planned, scanner, attributes.Attest.Sbom!, solver, cancel) });
            var facts = new BuildFacts
            {
                Attest = attributes.Attest,
                Attributes = request.Attributes,
                Id = request.Id,
                Started = started,
                Dockerfile = dockerfile,
                FileName = attributes.FileName,
                ReadStep = readStep,
                ResultOf = solver.ResultOf,
                Scanner = scanner,
            };
            var layers = solved.SelectMany(image => image.Result.Layers).Select(layer => layer.Record).OfType<CacheRecord>().ToList();
            return new BuildResult(solved, facts, new Dictionary<string, byte[]>(), options.SourceDateEpoch, () => Release(solver, steps)) { Settle = () => Sync([.. solver.Made, .. layers]) };
        }
        catch
        {
            await Release(solver);
            throw;
        }
    }

    /// <summary>Makes of a result what the client asked for.</summary>
    /// <returns>BuildKit's exporter response: digests and names.</returns>
    public Task<IReadOnlyDictionary<string, string>> Export(BuildResult result, ExportRequest request, IBuildSession session, BuildProgress progress, CancellationToken cancel) =>
        Told(Exports.Describe(request.Type), progress, watcher => exports.Export(result, request, session, watcher, cancel));

    /// <summary>Writes the build's cache to where the client wants it.</summary>
    /// <returns>BuildKit's exporter response.</returns>
    public async Task<IReadOnlyDictionary<string, string>> ExportCache(BuildResult result, CacheOption option, IBuildSession session, BuildProgress progress, CancellationToken cancel)
    {
        var options = CacheExportOptions.Parse(option);
        try
        {
            return await Told(CacheExport.Describe(option), progress, watcher => caches.Export(result, option, options, session, watcher, cancel));
        }
        catch (NaruException e) when (options.IgnoreErrors && e.Kind != ErrorKind.Canceled)
        {
            return new Dictionary<string, string>();
        }
    }

    /// <exception cref="NaruException">The cache cannot be written in that way.</exception>
    public static void Check(CacheOption cacheTo) => CacheExportOptions.Parse(cacheTo);

    private static async Task<IReadOnlyDictionary<string, string>> Told(string what, BuildProgress progress, Func<StepWatcher, Task<IReadOnlyDictionary<string, string>>> work)
    {
        var step = new StepChanged(Digest.Of(Encoding.UTF8.GetBytes($"{what} {Guid.NewGuid()}"))) { Name = what, Started = DateTimeOffset.UtcNow };
        progress.Add(step);
        try
        {
            var response = await work(new StepWatcher(step.Step, progress));
            progress.Add(step with { Completed = DateTimeOffset.UtcNow });
            return response;
        }
        catch (Exception e)
        {
            progress.Add(step with { Completed = DateTimeOffset.UtcNow, Error = e is OperationCanceledException ? "context canceled" : e.Message });
            throw;
        }
    }

    private Task<IReadOnlyList<Attestation>> Scan(PlannedImage image, ResolvedImage scanner, SbomOptions options, Solver.Solver solver, CancellationToken cancel) =>
        new SbomScan(solver, rooms.Runner, scanner, options).Run(image, Path.Combine(engine.Paths.BuildState, "sbom-" + Guid.NewGuid().ToString("N")), cancel);

    /// <summary>Warnings are told also of a Dockerfile that cannot be built.</summary>
    private static async Task<BuildPlan> Plan(DockerfilePlanner planner, BuildProgress progress, CancellationToken cancel)
    {
        try
        {
            return await planner.Plan(cancel);
        }
        finally
        {
            foreach (var warning in planner.Warnings)
                progress.Add(warning);
        }
    }

    /// <summary>What a Dockerfile says of itself.</summary>
    private static async Task<IReadOnlyDictionary<string, byte[]>> Answer(string request, DockerfilePlanner planner, BuildProgress progress, CancellationToken cancel)
    {
        switch (request)
        {
            case "frontend.lint":
                var check = await planner.Check(cancel);
                return new Dictionary<string, byte[]>(Answer(check.ToJson(), check.ToText())) { ["result.statuscode"] = check.IsClean ? "0"u8.ToArray() : "1"u8.ToArray() };
            case "frontend.outline":
                var outline = await planner.Outline(cancel);
                foreach (var warning in planner.Warnings)
                    progress.Add(warning);
                return Answer(outline.ToJson(), outline.ToText());
            case "frontend.targets":
                var targets = planner.Targets();
                return Answer(targets.ToJson(), targets.ToText());
            case "frontend.subrequests.describe":
                return Answer(RequestList.ToJson(), RequestList.ToText());
            default:
                throw new NaruException(ErrorKind.Unimplemented, $"unsupported request {request}");
        }
    }

    private static Dictionary<string, byte[]> Answer(byte[] json, string text) =>
        new() { ["result.json"] = json, ["result.txt"] = Encoding.UTF8.GetBytes(text), ["version"] = "1.0.0"u8.ToArray() };

    /// <returns>The Dockerfile, the ignore file that is its own (null: it has none), and the step that read them.</returns>
    private static async Task<(byte[] Dockerfile, byte[]? Ignore, Step Step)> Dockerfile(FrontendAttributes attributes, Step? source, Solver.Solver solver)
    {
        var step = source ?? new ContextStep
        {
            Name = $"[internal] load build definition from {Path.GetFileName(attributes.FileName)}",
            Platform = Platform.Host,
            Local = attributes.DockerfileLocal,
            Follow = [attributes.FileName, attributes.FileName + ".dockerignore", attributes.FileName.ToLowerInvariant()],
        };
        var folder = (await solver.Solve(step)).Folder!;
        var bytes = Read(folder, attributes.FileName) ?? Read(folder, attributes.FileName.ToLowerInvariant())
            ?? throw NaruException.NotFound($"failed to read dockerfile: open {attributes.FileName}: no such file or directory");
        return (bytes, Read(folder, attributes.FileName + IgnoreFile.Name), step);
    }

    private static async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> NamedIgnore(IReadOnlyDictionary<string, string> contexts, Solver.Solver solver)
    {
        var ignore = new Dictionary<string, IReadOnlyList<string>>();
        foreach (var (name, location) in contexts)
        {
            if (location.StartsWith("local:", StringComparison.Ordinal))
                ignore[name] = await Ignore($"[context {name}] load .dockerignore", location["local:".Length..], null, solver);
        }

        return ignore;
    }

    private static async Task<IReadOnlyList<string>> Ignore(string stepName, string local, Step? source, Solver.Solver solver)
    {
        var step = source ?? new ContextStep { Name = stepName, Platform = Platform.Host, Local = local, Follow = [IgnoreFile.Name] };
        var folder = (await solver.Solve(step)).Folder!;
        return Read(folder, IgnoreFile.Name) is { } bytes ? IgnoreFile.Read(bytes) : [];
    }

    /// <summary>A file that a client sent, found below its folder alone.</summary>
    private static byte[]? Read(ContextFolder folder, string name)
    {
        using var root = Files.Open(folder.Path, OpenFlags.PathOnly | OpenFlags.Directory);
        using var file = Files.TryOpenInRoot(root, name, OpenFlags.ReadOnly | OpenFlags.NonBlocking);
        return file is not null && Files.Status(file).Kind == FileKind.Regular ? Files.ReadAll(file) : null;
    }

    private async Task Release(Solver.Solver solver, Lazy<IReadOnlyList<SolvedStep>>? steps = null)
    {
        solver.Dispose();
        await Sync(solver.Imports && steps is not null ? [.. solver.Made, .. await Adopt(steps.Value)] : solver.Made);
        building.TryRemove(solver, out _);
        if (!building.IsEmpty)
            return;
        await rooms.Runner.Tidy();
        await rooms.Images.Tidy();
    }

    private async Task<IReadOnlyList<CacheRecord>> Adopt(IReadOnlyList<SolvedStep> steps)
    {
        try
        {
            return await new CacheAdoption(engine, rooms.Runner).Keep(steps, CancellationToken.None);
        }
        catch (NaruException e)
        {
            Log.Warn($"imported results are not kept: {e.Message}");
            return [];
        }
    }

    /// <summary>Has what was made written to disk, so that the machine's end takes none of it.</summary>
    private async Task Sync(IEnumerable<CacheRecord> made)
    {
        List<CacheRecord> waiting = [.. made.Select(rooms.Cache.Current).OfType<CacheRecord>().Where(record => !record.Synced).DistinctBy(record => record.Id)];
        if (waiting.Count == 0)
            return;
        List<string> folders = [];
        foreach (var record in waiting)
        {
            try
            {
                folders.Add((await rooms.Folders.Of(record.Snapshot, CancellationToken.None))[0]);
            }
            catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
            {
                // Pruned meanwhile.
            }
        }

        await Task.Run(() => TreeSync.Sync(folders));
        rooms.Cache.MarkSynced(waiting);
    }
}
