using System.Globalization;
using System.Text;
using Naru.Base;
using Naru.Build.Context;
using Naru.Build.Progress;
using Naru.Engine;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>The caches elsewhere that one build may look in. They are read at once, from the build's beginning on; who asks waits for all of them.</summary>
/// <remarks>One that cannot be read is told, and the build goes on without it. Disposed with its build.</remarks>
internal sealed class CacheImports : IDisposable
{
    private readonly EngineHost engine;
    private readonly IBuildSession session;
    private readonly BuildProgress progress;
    private readonly List<IDisposable> connections = [];
    private readonly Task<IReadOnlyDictionary<Digest, CachedStep>>[] caches;

    public CacheImports(EngineHost engine, IReadOnlyList<CacheOption> options, IBuildSession session, BuildProgress progress, CancellationToken cancel)
    {
        this.engine = engine;
        this.session = session;
        this.progress = progress;
        caches = new Task<IReadOnlyDictionary<Digest, CachedStep>>[options.Count];
        for (var number = 0; number < options.Count; number++)
            caches[number] = Begin(options[number], number, cancel);
    }

    /// <summary>What the caches know of the step with that key; the first that has its result. Null: nothing.</summary>
    public async Task<CachedStep?> Find(Digest key)
    {
        CachedStep? found = null;
        foreach (var cache in caches)
        {
            if ((await cache).TryGetValue(key, out var step) && (found is null || (!found.HasResult && step.HasResult)))
                found = step;
        }

        return found;
    }

    public void Dispose()
    {
        lock (connections)
        {
            foreach (var connection in connections)
                connection.Dispose();
        }
    }

    private Task<IReadOnlyDictionary<Digest, CachedStep>> Begin(CacheOption option, int number, CancellationToken cancel) => Task.Run(() => Read(option, number, cancel), CancellationToken.None);

    private async Task<IReadOnlyDictionary<Digest, CachedStep>> Read(CacheOption option, int number, CancellationToken cancel)
    {
        var name = option.Type switch { "registry" or "image" => option["ref"], "local" => "local:" + option["src"], _ => option.Type };
        var step = new StepChanged(Digest.Of(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"import {number} {name}"))))
        {
            Name = $"importing cache manifest from {name}",
            Started = DateTimeOffset.UtcNow,
        };
        progress.Add(step);
        try
        {
            var watcher = new StepWatcher(step.Step, progress);
            var steps = await CacheReader.Read(Storage(option), type => watcher.Begin($"inferred cache manifest type: {type}"), cancel);
            watcher.Finish();
            progress.Add(step with { Completed = DateTimeOffset.UtcNow });
            return steps;
        }
        catch (Exception e) when (e is NaruException or IOException or OperationCanceledException)
        {
            progress.Add(step with { Completed = DateTimeOffset.UtcNow, Error = e is OperationCanceledException ? "context canceled" : e.Message });
            return new Dictionary<Digest, CachedStep>();
        }
    }

    private ICacheSource Storage(CacheOption option)
    {
        switch (option.Type)
        {
            case "registry":
                if (option["ref"].Length == 0)
                    throw NaruException.Invalid("registry cache importer requires ref");
                return Held(new RegistryStorage(engine, session, option["ref"]));
            case "image":
                return Held(new ImageStorage(engine, session, option["ref"]));
            case "local":
                if (option["src"].Length == 0)
                    throw NaruException.Invalid("local cache importer requires src");
                if (!Digest.TryParse(option["digest"], out var manifest))
                    throw NaruException.Invalid("local cache importer requires either explicit digest, or a tag that the folder's index has");
                return new FolderStorage(session.Content("local:" + option["src"]), option["src"], manifest);
            case "gha" or "s3" or "azblob":
                throw new NaruException(ErrorKind.Unimplemented, $"cache import of type {option.Type} is not supported by this engine: built without it");
            default:
                throw NaruException.Invalid($"unknown cache importer: {option.Type}");
        }
    }

    private T Held<T>(T storage)
        where T : IDisposable
    {
        lock (connections)
            connections.Add(storage);
        return storage;
    }
}
