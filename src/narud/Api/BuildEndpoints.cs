using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Naru.Api;
using Naru.Base;
using Naru.Base.Units;
using Naru.Build;
using Naru.Build.Cache;
using Naru.Build.Cache.Remote;
using Naru.Build.Context;
using Naru.Build.Copying;
using Naru.Build.Execution;
using Naru.Build.Graph;
using Naru.Build.Progress;
using Naru.Build.Solver;
using Naru.Daemon.BuildKit;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Engine.Images;
using Naru.Engine.Registries;

namespace Naru.Daemon.Api;

/// <summary>POST /build with a tar, as Docker's classic builder takes it, and /build/prune.</summary>
internal sealed class BuildEndpoints(EngineHost engine, Builder builder, TracedBuild traced)
{
    /// <summary>Limits of the classic builder's containers, which RUN has none of here.</summary>
    private static readonly string[] Limits = ["memory", "memswap", "cpushares", "cpuperiod", "cpuquota"];

    public void Map(Router router)
    {
        router.Map("POST", "/build", Build);
        router.Map("POST", "/build/prune", Prune);
        router.Map("POST", "/build/cancel", Cancel);
    }

    /// <summary>Entries of the build cache as the Engine API has them.</summary>
    public static IReadOnlyList<BuildCacheRecord> Records(IReadOnlyList<CacheEntry> entries)
    {
        List<BuildCacheRecord> result = [];
        foreach (var entry in entries)
        {
            result.Add(new BuildCacheRecord
            {
                Id = entry.Id,
                Parents = entry.Parents.Count > 0 ? entry.Parents : null,
                Type = entry.Type,
                Description = entry.Description,
                InUse = entry.InUse,
                Shared = entry.Shared,
                Size = entry.Size,
                CreatedAt = GoTime.Nano(entry.Created),
                LastUsedAt = entry.LastUsed is { } used ? GoTime.Nano(used) : null,
                UsageCount = entry.Uses,
            });
        }

        return result;
    }

    private async Task Prune(ApiCall call)
    {
        var request = new PruneRequest
        {
            All = call.Flag("all"),
            Filters = Filters.Parse(call.Query("filters"), [.. PruneRequest.KnownFilters]),
            ReservedSpace = Bytes(call, "reserved-space") is > 0 and var reserved ? reserved : Bytes(call, "keep-storage"),
            MaxUsedSpace = Bytes(call, "max-used-space"),
            MinFreeSpace = Bytes(call, "min-free-space"),
        };
        var gone = await builder.Prune(request, call.Cancel);
        var report = new BuildPruneReport { CachesDeleted = gone.Count > 0 ? [.. gone.Select(entry => entry.Id)] : null, SpaceReclaimed = gone.Sum(entry => entry.Shared ? 0 : entry.Size) };
        await call.Json(report, ApiJson.Default.BuildPruneReport);
    }

    /// <summary>A build ends with its request: there is none to be found by an id.</summary>
    private static Task Cancel(ApiCall call) => call.Query("id") is { Length: > 0 } ? call.Empty() : throw NaruException.Invalid("build ID not provided");

    private static long Bytes(ApiCall call, string parameter)
    {
        if (call.Query(parameter) is not { Length: > 0 } text)
            return 0;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value
            : throw NaruException.Invalid($"{parameter} is in bytes and expects an integer, got {text}");
    }

    private async Task Build(ApiCall call)
    {
        Refuse(call);
        var attributes = Attributes(call);
        var outputs = call.Context.Request.Query["t"].OfType<string>().ToList();
        foreach (var tag in outputs)
            ImageOptionsCheck(tag);
        if (call.Query("version") == "2")
        {
            await traced.Run(call, new BuildRequest { Attributes = attributes, CacheFrom = CacheFrom(call, "registry") }, CarriesCache(attributes), outputs);
            return;
        }

        var folder = Path.Combine(engine.Paths.Builds, "tmp", Guid.NewGuid().ToString("N"));
        var registries = RegistryAccess.Headers(call.Context.Request.Headers["X-Registry-Config"]);
        using var session = call.Query("remote") is { Length: > 0 } remote
            ? throw new NaruException(ErrorKind.Unimplemented, $"remote context {remote} is not supported")
            : await ArchiveSession.Unpack(call.Context.Request.Body, folder, registries, call.Cancel);
        await ProgressResponse.Run(call, output => Run(call, new BuildRequest { Attributes = attributes, CacheFrom = CacheFrom(call, "image") }, outputs, session, output));
    }

    private async Task Run(ApiCall call, BuildRequest request, List<string> tags, ArchiveSession session, ProgressOutput output)
    {
        var quiet = call.Flag("q");
        var progress = new BuildProgress();
        var classic = new ClassicProgress(output);
        var telling = quiet ? Task.CompletedTask : Tell(progress, classic, call.Cancel);
        try
        {
            await using var result = await Solve(request, classic, session, progress, call.Cancel);
            progress.Finish();
            await telling;
            if (!quiet)
                classic.Finish();
            var exporter = new ExportRequest { Type = "moby", Attributes = tags.Count == 0 ? [] : new Dictionary<string, string> { ["name"] = string.Join(',', tags) }, InlineCache = CarriesCache(request.Attributes) };
            var made = await builder.Export(result, exporter, session, new BuildProgress(), call.Cancel);
            var id = made["containerimage.config.digest"];
            output.Aux(JsonSerializer.SerializeToElement(new BuiltImage { Id = id }, ApiJson.Default.BuiltImage));
            if (quiet)
            {
                output.Print(id + "\n");
                return;
            }

            output.Print($"Successfully built {id["sha256:".Length..][..12]}\n");
            foreach (var tag in tags)
                output.Print($"Successfully tagged {Oci.ImageReference.Parse(tag).WithDefaultTag().Familiar}\n");
        }
        finally
        {
            progress.Finish();
            await telling.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>What failed is told in the classic builder's words, a program after what it said itself.</summary>
    private async Task<BuildResult> Solve(BuildRequest request, ClassicProgress classic, ArchiveSession session, BuildProgress progress, CancellationToken cancel)
    {
        try
        {
            return await builder.Solve(request with { Read = classic.Read }, session, progress, cancel);
        }
        catch (StepFailedException e)
        {
            if (ClassicWords(e) is { } words)
                throw new NaruException(e.Kind, words, e);
            throw;
        }
    }

    private static string? ClassicWords(StepFailedException failure)
    {
        switch (failure.InnerException)
        {
            case ProgramFailedException { ExitCode: { } code } when failure.Step is RunStep run:
                return string.Create(CultureInfo.InvariantCulture, $"The command '{string.Join(' ', run.Arguments)}' returned a non-zero code: {code}");
            case ProgramFailedException { InnerException: { } reason }:
                return reason.Message;
            case { InnerException: SourceNotFoundException missing } when failure.Step is FileStep { Actions: [CopyAction copy, ..] }:
                var where = copy.From is ContextStep ? "file not found in build context or excluded by .dockerignore: " : "";
                return $"{(copy.Unpack ? "ADD" : "COPY")} failed: {where}stat {missing.Path}: file does not exist";
            default:
                return null;
        }
    }

    private static async Task Tell(BuildProgress progress, ClassicProgress classic, CancellationToken cancel)
    {
        var seen = 0;
        while (await progress.Next(seen, cancel) is { Count: > 0 } events)
        {
            seen += events.Count;
            foreach (var one in events)
                classic.Take(one);
        }
    }

    /// <summary>Parameter <c>cachefrom</c>: a JSON list of images.</summary>
    private static IReadOnlyList<CacheOption> CacheFrom(ApiCall call, string type) => CacheOption.Of(type, Parse(call, "cachefrom", ApiJson.Default.IReadOnlyListString) ?? []);

    /// <summary>True when the image is to be a cache source for others.</summary>
    private static bool CarriesCache(IReadOnlyDictionary<string, string> attributes) => attributes.TryGetValue("build-arg:BUILDKIT_INLINE_CACHE", out var value) && value is "1" or "true";

    /// <summary>The request's parameters as BuildKit's attributes.</summary>
    private static Dictionary<string, string> Attributes(ApiCall call)
    {
        var attributes = new Dictionary<string, string>();
        var name = call.Query("dockerfile") is { Length: > 0 } given ? given : "Dockerfile";
        attributes["filename"] = name;
        foreach (var (from, to) in ((string, string)[])[("target", "target"), ("platform", "platform"), ("cgroupparent", "cgroup-parent"), ("shmsize", "shm-size")])
        {
            if (call.Query(from) is { Length: > 0 } value && value != "0")
                attributes[to] = value;
        }

        if (call.Flag("nocache"))
            attributes["no-cache"] = "";
        if (call.Flag("pull"))
            attributes["image-resolve-mode"] = "pull";
        if (call.Query("networkmode") is { Length: > 0 } network)
            attributes["force-network-mode"] = network is "default" or "bridge" ? "default" : network;
        foreach (var (key, value) in Map(call, "buildargs"))
        {
            // A name without a value stands for the client's environment, which it has not got.
            if (value is not null)
                attributes["build-arg:" + key] = value;
        }

        foreach (var (key, value) in Map(call, "labels"))
            attributes["label:" + key] = value ?? "";
        var hosts = call.Context.Request.Query["extrahosts"].OfType<string>().Select(host => host.Replace(':', '=')).ToList();
        if (hosts.Count > 0)
            attributes["add-hosts"] = string.Join(',', hosts);
        if (Parse(call, "ulimits", ApiJson.Default.IReadOnlyListUlimit) is { Count: > 0 } ulimits)
            attributes["ulimit"] = string.Join(',', ulimits.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name}={one.Soft}:{one.Hard}")));
        return attributes;
    }

    private static SortedDictionary<string, string?> Map(ApiCall call, string parameter) => Parse(call, parameter, ApiJson.Default.SortedDictionaryStringString) ?? [];

    private static T? Parse<T>(ApiCall call, string parameter, JsonTypeInfo<T> type)
        where T : class
    {
        if (call.Query(parameter) is not { Length: > 0 } text)
            return null;
        try
        {
            return JsonSerializer.Deserialize(Encoding.UTF8.GetBytes(text), type);
        }
        catch (JsonException e)
        {
            throw new NaruException(ErrorKind.InvalidArgument, $"error reading build parameter {parameter}: {e.Message}", e);
        }
    }

    /// <exception cref="NaruException">What the classic builder had and this one has not.</exception>
    private static void Refuse(ApiCall call)
    {
        if (call.Flag("squash"))
            throw NaruException.Invalid("squash is only supported with experimental mode");
        foreach (var limit in Limits)
        {
            if (call.Query(limit) is { Length: > 0 } value && value != "0")
                throw NaruException.Invalid($"build parameter {limit} is not supported: RUN is not limited by it");
        }

        if (call.Query("cpusetcpus") is { Length: > 0 } || call.Query("cpusetmems") is { Length: > 0 })
            throw NaruException.Invalid("build parameters cpusetcpus and cpusetmems are not supported: RUN is not limited by them");
        if (call.Query("isolation") is { Length: > 0 } isolation && isolation != "default")
            throw NaruException.Invalid($"invalid isolation: {isolation}");
    }

    /// <exception cref="NaruException">InvalidArgument: a name that no image can have.</exception>
    private static void ImageOptionsCheck(string tag)
    {
        var name = Oci.ImageReference.Parse(tag);
        if (!name.Digest.IsEmpty)
            throw NaruException.Invalid("build tag cannot contain a digest");
    }
}
