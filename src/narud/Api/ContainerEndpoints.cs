using System.Globalization;
using System.Text.Json;
using Naru.Api;
using Naru.Base;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Engine.Containers;
using Naru.Engine.Rootfs;
using Naru.Engine.Security;

namespace Naru.Daemon.Api;

/// <summary>/containers</summary>
internal sealed class ContainerEndpoints(EngineHost engine)
{
    public void Map(Router router)
    {
        router.Map("GET", "/containers/json", List);
        router.Map("POST", "/containers/create", Create);
        router.Map("POST", "/containers/prune", Prune);
        router.Map("GET", "/containers/{id}/json", Inspect);
        router.Map("POST", "/containers/{id}/update", Update);
        router.Map("GET", "/containers/{id}/stats", Stats);
        router.Map("POST", "/containers/{id}/start", Start);
        router.Map("POST", "/containers/{id}/stop", Stop);
        router.Map("POST", "/containers/{id}/restart", Restart);
        router.Map("POST", "/containers/{id}/kill", Kill);
        router.Map("POST", "/containers/{id}/pause", call => Pause(call, true));
        router.Map("POST", "/containers/{id}/unpause", call => Pause(call, false));
        router.Map("POST", "/containers/{id}/rename", Rename);
        router.Map("GET", "/containers/{id}/top", Top);
        router.Map("DELETE", "/containers/{id}", Remove);
    }

    private async Task List(ApiCall call)
    {
        var filters = Filters.Parse(call.Query("filters"), "ancestor", "before", "expose", "exited", "health", "id", "isolation", "is-task", "label", "name", "network", "publish", "since", "status", "volume");
        var sizes = call.Flag("size");
        List<ContainerSummary> result = [];
        foreach (var container in ContainerViews.List(engine.Store, call.Flag("all"), call.Number("limit") ?? 0, filters))
        {
            var summary = ContainerViews.Summary(container);
            if (sizes)
            {
                var (own, whole) = await Sizes(container, call.Cancel);
                summary = summary with { SizeRw = own, SizeRootFs = whole };
            }

            result.Add(summary);
        }

        await call.Json(result, ApiJson.Default.IReadOnlyListContainerSummary);
    }

    private async Task Inspect(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        var answer = engine.Views.Inspect(container);
        if (call.Flag("size"))
        {
            var (own, whole) = await Sizes(container, call.Cancel);
            answer = answer with { SizeRw = own, SizeRootFs = whole };
        }

        await call.Json(answer, ApiJson.Default.ContainerInspect);
    }

    /// <summary>Bytes of the container's own layer, and of all its layers.</summary>
    private async Task<(long Own, long Whole)> Sizes(Container container, CancellationToken cancel)
    {
        try
        {
            var own = LayerSize.Of(RootMount.Layers(await engine.Containerd.SnapshotMounts(container.Id, cancel))[0]);
            var image = await engine.Images.Get(container.Record.ImageId, cancel);
            return (own, own + await engine.Images.Size(image, cancel));
        }
        catch (NaruException e) when (e.Kind == ErrorKind.NotFound)
        {
            return (0, 0);
        }
    }

    private async Task Update(ApiCall call)
    {
        var request = await call.Body(ApiJson.Default.ContainerUpdateRequest);
        await call.Json(await engine.Updates.Apply(engine.Store.Get(call["id"]), request, call.Cancel), ApiJson.Default.ContainerUpdateResponse);
    }

    /// <summary>One reading, or one a second. The first of a stream, and a single one unless told, has one before it for rates.</summary>
    private async Task Stats(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        var stream = call.Flag("stream", true);
        ContainerStats? before = null;
        if (!stream && !call.Flag("one-shot") && container.State is ContainerState.Running)
        {
            before = await engine.Stats.Read(container, null, call.Cancel);
            await Task.Delay(TimeSpan.FromSeconds(1), call.Cancel);
        }

        call.Context.Response.ContentType = "application/json";
        while (true)
        {
            before = await engine.Stats.Read(container, before, call.Cancel);
            await call.Context.Response.Body.WriteAsync((byte[])[.. JsonSerializer.SerializeToUtf8Bytes(before, ApiJson.Default.ContainerStats), (byte)'\n'], call.Cancel);
            await call.Context.Response.Body.FlushAsync(call.Cancel);
            if (!stream || container.Removed)
                return;
            await Task.Delay(TimeSpan.FromSeconds(1), call.Cancel);
        }
    }

    private async Task Create(ApiCall call)
    {
        var request = await call.Body(ApiJson.Default.ContainerCreateRequest);
        await call.Json(await engine.Containers.Create(request, call.Query("name"), call.Cancel), ApiJson.Default.ContainerCreateResponse, 201);
    }

    private async Task Prune(ApiCall call)
    {
        var filters = Filters.Parse(call.Query("filters"), "label", "label!", "until");
        var until = filters.Until();
        List<string> gone = [];
        long freed = 0;
        foreach (var container in engine.Store.All)
        {
            var labels = container.Record.Config.Labels;
            if (container.State is not (ContainerState.Created or ContainerState.Exited or ContainerState.Dead) || container.Record.Created > until || !filters.Labels("label", labels) || !filters.NoLabels("label!", labels))
                continue;
            var (own, _) = await Sizes(container, call.Cancel);
            try
            {
                await engine.Containers.Remove(container, force: false, removeVolumes: false, call.Cancel);
            }
            catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Conflict)
            {
                // Removed or started meanwhile by somebody else.
                continue;
            }

            freed += own;
            gone.Add(container.Id);
        }

        engine.Events.Publish("container", "prune", "", [new("reclaimed", freed.ToString(CultureInfo.InvariantCulture))]);
        await call.Json(new ContainersPruneReport { ContainersDeleted = gone.Count > 0 ? gone : null, SpaceReclaimed = freed }, ApiJson.Default.ContainersPruneReport);
    }

    private async Task Start(ApiCall call)
    {
        await call.ReadBody();
        await engine.Lifecycle.Start(engine.Store.Get(call["id"]), call.Cancel);
        await call.Empty();
    }

    private async Task Stop(ApiCall call)
    {
        await engine.Lifecycle.Stop(engine.Store.Get(call["id"]), call.Number("t"), call.Query("signal"), call.Cancel);
        await call.Empty();
    }

    private async Task Restart(ApiCall call)
    {
        await engine.Lifecycle.Restart(engine.Store.Get(call["id"]), call.Number("t"), call.Query("signal"), call.Cancel);
        await call.Empty();
    }

    private async Task Kill(ApiCall call)
    {
        try
        {
            var container = engine.Store.Get(call["id"]);
            var signal = SignalNames.Parse(call.Query("signal") is { Length: > 0 } text ? text : "SIGKILL");
            await engine.Lifecycle.Kill(container, signal, call.Cancel);
            if (signal == SignalNames.Kill)
                await ContainerLifecycle.Ended(container, TimeSpan.FromSeconds(10), call.Cancel);
        }
        catch (NaruException e)
        {
            throw new NaruException(e.Kind, $"cannot kill container: {call["id"]}: {e.Message}", e);
        }

        await call.Empty();
    }

    private async Task Pause(ApiCall call, bool pause)
    {
        await engine.Lifecycle.Pause(engine.Store.Get(call["id"]), pause, call.Cancel);
        await call.Empty();
    }

    private Task Rename(ApiCall call)
    {
        engine.Containers.Rename(engine.Store.Get(call["id"]), call.Query("name"));
        return call.Empty();
    }

    private async Task Top(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        if (container.State is ContainerState.Restarting)
            throw NaruException.Conflict($"Container {container.Id} is restarting, wait until the container is running");
        if (container.State is not ContainerState.Running)
            throw NaruException.Conflict($"container {container.Id} is not running");
        var pids = await engine.Containerd.Pids(container.Id, call.Cancel);
        await call.Json(await ProcessList.Read(pids, call.Query("ps_args") is { Length: > 0 } arguments ? arguments : "-ef", call.Cancel), ApiJson.Default.TopResponse);
        engine.Lifecycle.Publish(container, "top");
    }

    private async Task Remove(ApiCall call)
    {
        await engine.Containers.Remove(engine.Store.Get(call["id"]), call.Flag("force"), call.Flag("v"), call.Cancel);
        await call.Empty();
    }
}
