using System.Collections.Concurrent;
using Naru.Base;
using Naru.Build.Cache;
using Naru.Build.Cache.Remote;
using Naru.Build.Context;
using Naru.Build.Graph;
using Naru.Build.Progress;
using Naru.Oci;

namespace Naru.Build.Solver;

/// <summary>Does the steps of one build: independent ones at once, each once, none whose result is known.</summary>
/// <remarks>Made for one build and disposed at its end, which lets go of the folders that its client sent. The first step that fails ends the others.</remarks>
/// <param name="imports">Caches elsewhere that it may look in; null: none.</param>
internal sealed class Solver(BuildRooms rooms, IBuildSession session, BuildProgress progress, CacheImports? imports, CancellationToken cancel) : IDisposable
{
    private readonly ConcurrentDictionary<Digest, Lazy<Task<StepResult>>> steps = new();
    private readonly ConcurrentBag<IDisposable> held = [];
    private readonly CancellationTokenSource failing = CancellationTokenSource.CreateLinkedTokenSource(cancel);
    private readonly ConcurrentBag<CacheRecord> made = [];

    private readonly ConcurrentDictionary<Step, StepPromise> promises = new();

    /// <summary>True when results may have come from elsewhere.</summary>
    public bool Imports => imports is not null;

    /// <summary>What this build has made anew.</summary>
    public IReadOnlyCollection<CacheRecord> Made => made;

    /// <param name="step">Null: scratch.</param>
    /// <exception cref="StepFailedException">A step could not be done.</exception>
    public async Task<StepResult> Solve(Step? step)
    {
        if (step is null)
            return StepResult.Scratch;
        Announce(step, []);
        try
        {
            var result = await Real(await Start(step));
            if (!promises.IsEmpty)
                SayKept(step, []);
            return result;
        }
        catch (OperationCanceledException)
        {
            // Another step's failure is why this one was stopped.
            foreach (var started in steps.Values)
                await started.Value.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            foreach (var started in steps.Values)
            {
                if (started.Value.Exception?.InnerException is StepFailedException failure)
                    throw failure;
            }

            throw;
        }
    }

    /// <summary>What a step has made; null: it was not asked for, or failed.</summary>
    public StepResult? ResultOf(Step step) => steps.TryGetValue(step.Digest, out var started) && started.Value.IsCompletedSuccessfully ? started.Value.Result.Promise?.Made ?? started.Value.Result : null;

    public void Dispose()
    {
        foreach (var one in held)
            one.Dispose();
        imports?.Dispose();
        failing.Dispose();
    }

    /// <summary>Says what is going to be done, inputs first.</summary>
    private void Announce(Step step, HashSet<Digest> said)
    {
        if (steps.ContainsKey(step.Digest) || !said.Add(step.Digest))
            return;
        foreach (var input in step.Inputs)
            Announce(input, said);
        Say(step, null, null);
    }

    /// <summary>Says of promises that nothing needed to be kept that there was nothing to do, inputs first.</summary>
    private void SayKept(Step step, HashSet<Digest> said)
    {
        if (!said.Add(step.Digest))
            return;
        foreach (var input in step.Inputs)
            SayKept(input, said);
        if (promises.TryGetValue(step, out var promise) && !promise.IsBegun)
            Say(step, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, cached: true);
    }

    private Task<StepResult> Start(Step step) => steps.GetOrAdd(step.Digest, _ => new Lazy<Task<StepResult>>(() => Task.Run(() => Make(step), CancellationToken.None))).Value;

    private async Task<StepResult> Make(Step step)
    {
        var inputs = await Task.WhenAll(step.Inputs.Select(Start));
        failing.Token.ThrowIfCancellationRequested();
        return await Watched(step, starting => Do(step, inputs, starting));
    }

    /// <summary>Tells how the work on a step begins and ends.</summary>
    private async Task<StepResult> Watched(Step step, Func<Action, Task<(StepResult Result, bool Cached)>> work)
    {
        var started = DateTimeOffset.UtcNow;
        try
        {
            var (result, cached) = await work(() => Say(step, started = DateTimeOffset.UtcNow, null));
            if (result.Promise is null)
                Say(step, started, DateTimeOffset.UtcNow, cached);
            return result;
        }
        catch (Exception e)
        {
            // A promise that this step needed may have failed, which was told there.
            var canceled = e is OperationCanceledException || (e is StepFailedException other && other.Step != step);
            Say(step, started, DateTimeOffset.UtcNow, error: canceled ? "context canceled" : e.Message);
            if (!canceled)
                await failing.CancelAsync();
            if (canceled || e is StepFailedException)
                throw;
            throw new StepFailedException(step, e as NaruException ?? new NaruException(ErrorKind.Internal, e.Message, e));
        }
    }

    /// <param name="starting">Called when something is about to be done.</param>
    private async Task<(StepResult Result, bool Cached)> Do(Step step, IReadOnlyList<StepResult> inputs, Action starting)
    {
        switch (step)
        {
            case ImageStep image:
                starting();
                return (OfImage(image.Image), image.Image.IsLocal);
            case GivenStep given:
                return (given.Result, true);
            case ContextStep context:
                starting();
                return (await Receive(context), false);
            case HttpStep http:
                starting();
                return (await Fetched(rooms.Http.Fetch(http, rooms.Watcher(step, progress), failing.Token)), false);
            case GitStep git:
                starting();
                return (await Fetched(rooms.Git.Fetch(git, session, rooms.Watcher(step, progress), failing.Token)), false);
            case MergeStep:
                return (await Merge(step, inputs, mayPromise: true), true);
            default:
                return await Layer(step, inputs, starting, mayPromise: true);
        }
    }

    private static StepResult OfImage(ResolvedImage image)
    {
        List<ResultLayer> layers = [];
        Digest chain = default;
        for (var number = 0; number < image.Config.RootFs.DiffIds.Count; number++)
        {
            var diffId = image.Config.RootFs.DiffIds[number];
            chain = ChainId.Next(chain, diffId);
            layers.Add(new ResultLayer(chain.ToString(), null, diffId, image.Document.Layers[number]));
        }

        return new StepResult { Identity = CacheKeys.OfImage(image), Layers = layers, Image = image };
    }

    private async Task<StepResult> Receive(ContextStep step)
    {
        var watcher = rooms.Watcher(step, progress);
        var what = step.Local == "dockerfile" ? "transferring dockerfile:" : step.Local == "context" ? "transferring context:" : $"transferring {step.Local}:";
        var folder = await session.Receive(step, bytes => watcher.Count(what, bytes), failing.Token);
        held.Add(folder);
        watcher.Finish();
        return new StepResult { Identity = default, Folder = folder };
    }

    private async Task<StepResult> Fetched(Task<(Digest Identity, ContextFolder Folder)> fetching)
    {
        try
        {
            var (identity, folder) = await fetching;
            held.Add(folder);
            return new StepResult { Identity = identity, Folder = folder };
        }
        catch (NaruException e) when (e.Kind != ErrorKind.Canceled)
        {
            throw new CacheKeyException("failed to load cache key", e.Message, e);
        }
    }

    /// <summary>A step whose result is a layer upon its root's.</summary>
    /// <param name="mayPromise">A result that only its key is known of will do.</param>
    private async Task<(StepResult Result, bool Cached)> Layer(Step step, IReadOnlyList<StepResult> inputs, Action starting, bool mayPromise)
    {
        var root = RootOf(step) is { } below ? inputs[step.PlaceOf(below)] : StepResult.Scratch;
        if (root.Folder is not null)
            throw NaruException.Invalid("a folder of the client's cannot be the file system of a stage");
        var byIdentity = CacheKeys.ByIdentity(step, inputs);
        if (!step.IgnoreCache && !byIdentity.IsEmpty && Known(byIdentity, root) is { } known)
            return (Upon(root, rooms.Cache.Change(known, Used)), true);
        if (await Elsewhere(step, byIdentity, inputs, root, mayPromise) is { } there)
            return (there, true);
        var key = byIdentity;
        if (await Contents(step, inputs) is { } contents)
        {
            key = CacheKeys.ByContent(step, root, contents);
            if (!step.IgnoreCache && Known(key, root) is { } same)
            {
                same = byIdentity.IsEmpty ? same : rooms.Cache.Alias(same, byIdentity);
                return (Upon(root, rooms.Cache.Change(same, Used)), true);
            }

            if (await Elsewhere(step, key, inputs, root, mayPromise) is { } alike)
                return (alike, true);
        }

        if (imports is not null && inputs.Any(input => input.Promise is not null))
            return await Layer(step, await Task.WhenAll(inputs.Select(Real)), starting, mayPromise);
        starting();
        var cached = false;
        var record = await rooms.Running.Join(
            Sharing(step, key),
            (stream, data) => progress.Add(new StepOutput(step.Digest, stream, data, DateTimeOffset.UtcNow)),
            async (output, stop) =>
            {
                // It may have been made between the look and the turn.
                if (!step.IgnoreCache && Known(key, root) is { } meanwhile)
                {
                    cached = true;
                    return meanwhile;
                }

                return await rooms.Runner.Run(step, key, byIdentity, root, place => inputs[place], session, output, stop);
            },
            failing.Token);
        if (!cached)
            made.Add(record);
        return (Upon(root, record), cached);
    }

    /// <summary>The key by which others may wait for the same work: never of a step that must run anew, or that is given what only this client has.</summary>
    private static Digest Sharing(Step step, Digest key)
    {
        var own = step.IgnoreCache || (step is RunStep run && run.Mounts.Any(mount => mount.Kind is RunMountKind.Secret or RunMountKind.Ssh));
        return own ? Digest.Of(Guid.NewGuid().ToByteArray()) : key;
    }

    /// <summary>A result that stands on the very layers that this build has: one made upon others of the same key (a step that ran anew) does not count.</summary>
    private CacheRecord? Known(Digest key, StepResult root) =>
        root.Promise is null && rooms.Cache.Find(key) is { } record && (record.Parent == root.Snapshot || record.Parent == root.Chain) ? record : null;

    /// <summary>What the caches elsewhere have by that key: a result whose layers are fetched when they are needed, or the promise of one. Null: nothing.</summary>
    private async Task<StepResult?> Elsewhere(Step step, Digest key, IReadOnlyList<StepResult> inputs, StepResult root, bool mayPromise)
    {
        if (imports is null || step.IgnoreCache || key.IsEmpty || await imports.Find(key) is not { } found)
            return null;
        if (found.Layers is { Count: > 0 } layers)
            return rooms.Imported.Result(found, layers, root, step.Platform, rooms.Watcher(step, progress));
        if (!mayPromise)
            return null;
        var promise = promises.GetOrAdd(step, _ => new StepPromise(() => Keep(step, inputs)));
        return new StepResult { Identity = found.Id, Image = root.Image, Promise = promise };
    }

    /// <summary>Makes what was promised.</summary>
    private async Task<StepResult> Keep(Step step, IReadOnlyList<StepResult> inputs)
    {
        var real = await Task.WhenAll(inputs.Select(Real));
        failing.Token.ThrowIfCancellationRequested();
        return await Watched(step, async starting => step is MergeStep ? (await Merge(step, real, mayPromise: false), true) : await Layer(step, real, starting, mayPromise: false));
    }

    private static Task<StepResult> Real(StepResult result) => result.Promise is { } promise ? promise.Make() : Task.FromResult(result);

    /// <summary>A result whose files can be read.</summary>
    private async Task<StepResult> Ready(StepResult result)
    {
        result = await Real(result);
        await rooms.Images.Fetch(result.Image, session, failing.Token);
        return result;
    }

    /// <summary>What there is of the steps that lead to those given, inputs first, each once.</summary>
    public IReadOnlyList<SolvedStep> Solved(IEnumerable<Step?> targets) =>
        SolvedStep.All(targets, step => steps.TryGetValue(step.Digest, out var started) && started.Value.IsCompletedSuccessfully ? started.Value.Result : null);

    private static CacheRecord Used(CacheRecord record) => record with { LastUsed = DateTimeOffset.UtcNow, Uses = record.Uses + 1 };

    private static StepResult Upon(StepResult root, CacheRecord record) => new()
    {
        Identity = record.Id,
        Layers = [.. root.Layers, new ResultLayer(record.Snapshot, record, record.DiffId, null)],
        Image = root.Image,
    };

    /// <summary>The digests of the files that the step reads of inputs other than its root; null: it reads none.</summary>
    private async Task<IReadOnlyList<Digest>?> Contents(Step step, IReadOnlyList<StepResult> inputs)
    {
        switch (step)
        {
            case FileStep file when file.Actions.Any(action => action is CopyAction):
                List<Task<Digest>> copied = [];
                foreach (var action in file.Actions)
                {
                    if (action is CopyAction copy)
                        copied.Add(Content(copy, copy.From is null ? StepResult.Scratch : inputs[step.PlaceOf(copy.From)]));
                }

                return await Task.WhenAll(copied);
            case RunStep run when run.Mounts.Any(mount => mount is { Kind: RunMountKind.Bind, From: not null }):
                List<Task<Digest>> mounted = [];
                foreach (var mount in run.Mounts)
                {
                    if (mount is { Kind: RunMountKind.Bind, From: not null })
                        mounted.Add(Content(mount, inputs[step.PlaceOf(mount.From)]));
                }

                return await Task.WhenAll(mounted);
            default:
                return null;
        }
    }

    private async Task<Digest> Content(CopyAction copy, StepResult from) => await rooms.Contents.Of(copy, await Ready(from), failing.Token);

    private async Task<Digest> Content(RunMount mount, StepResult from) => await rooms.Contents.Of(mount, await Ready(from), failing.Token);

    /// <summary>Puts each part's layers upon those before, without copying a file.</summary>
    private async Task<StepResult> Merge(Step step, IReadOnlyList<StepResult> parts, bool mayPromise)
    {
        if (imports is not null)
        {
            var key = parts[0].Identity;
            foreach (var part in parts.Skip(1))
                key = CacheKeys.OfMerge(key, part.Identity);
            var promised = parts.Any(part => part.Promise is not null);
            if ((promised || Known(key, parts[0]) is null) && await Elsewhere(step, key, parts, parts[0], mayPromise && promised) is { } there)
                return there;
            if (promised)
                parts = await Task.WhenAll(parts.Select(Real));
        }

        var result = await Ready(parts[0]);
        foreach (var part in parts.Skip(1))
        {
            await Ready(part);
            foreach (var layer in part.Layers)
                result = await rooms.Runner.Merge(result, layer, part.Layers.Count == 1 ? part.Identity : layer.Record?.Id ?? layer.DiffId, failing.Token);
            result = result with { Image = result.Image ?? part.Image };
        }

        return result;
    }

    /// <summary>The step upon whose layers a step's own are; null: none.</summary>
    public static Step? RootOf(Step step) => step switch { FileStep file => file.Root, RunStep run => run.Root, MergeStep merge => merge.Parts[0], _ => null };

    private void Say(Step step, DateTimeOffset? started, DateTimeOffset? completed, bool cached = false, string error = "")
    {
        if (step.Name.Length == 0)
            return;
        progress.Add(new StepChanged(step.Digest)
        {
            Name = step.Name,
            Lines = step.Lines,
            Inputs = [.. step.Inputs.Select(input => input.Digest)],
            Started = started,
            Completed = completed,
            Cached = cached,
            Error = error,
        });
    }
}
