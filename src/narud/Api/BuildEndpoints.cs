using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Naru.Api;
using Naru.Base;
using Naru.Build;
using Naru.Build.Context;
using Naru.Build.Progress;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Engine.Images;
using Naru.Engine.Registries;

namespace Naru.Daemon.Api;

/// <summary>POST /build with a tar, as Docker's classic builder takes it, and /build/prune.</summary>
internal sealed class BuildEndpoints(EngineHost engine, Builder builder)
{
    /// <summary>Limits of the classic builder's containers, which RUN has none of here.</summary>
    private static readonly string[] Limits = ["memory", "memswap", "cpushares", "cpuperiod", "cpuquota"];

    public void Map(Router router) => router.Map("POST", "/build", Build);

    private async Task Build(ApiCall call)
    {
        Refuse(call);
        var (attributes, name) = Attributes(call);
        var outputs = call.Context.Request.Query["t"].OfType<string>().ToList();
        foreach (var tag in outputs)
            ImageOptionsCheck(tag);
        var folder = Path.Combine(engine.Paths.Builds, "tmp", Guid.NewGuid().ToString("N"));
        var registries = RegistryAccess.Headers(call.Context.Request.Headers["X-Registry-Config"]);
        using var session = call.Query("remote") is { Length: > 0 } remote
            ? throw new NaruException(ErrorKind.Unimplemented, $"remote context {remote} is not supported")
            : await ArchiveSession.Unpack(call.Context.Request.Body, folder, registries, call.Cancel);
        await ProgressResponse.Run(call, output => Run(call, attributes, outputs, session, output));
    }

    private async Task Run(ApiCall call, Dictionary<string, string> attributes, List<string> tags, ArchiveSession session, ProgressOutput output)
    {
        var quiet = call.Flag("q");
        var progress = new BuildProgress();
        var classic = new ClassicProgress(output);
        var telling = quiet ? Task.CompletedTask : Tell(progress, classic, call.Cancel);
        try
        {
            await using var result = await builder.Solve(new BuildRequest { Attributes = attributes, Read = classic.Read }, session, progress, call.Cancel);
            progress.Finish();
            await telling;
            if (!quiet)
                classic.Finish();
            var exporter = new ExportRequest { Type = "moby", Attributes = tags.Count == 0 ? [] : new Dictionary<string, string> { ["name"] = string.Join(',', tags) } };
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

    /// <summary>The request's parameters as BuildKit's attributes.</summary>
    private static (Dictionary<string, string> Attributes, string Dockerfile) Attributes(ApiCall call)
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
        return (attributes, name);
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
