using Naru.Api;
using Naru.Daemon.Http;
using Naru.Engine;

namespace Naru.Daemon.Api;

/// <summary>/volumes</summary>
internal sealed class VolumeEndpoints(EngineHost engine)
{
    public void Map(Router router)
    {
        router.Map("GET", "/volumes", call => call.Json(new VolumeListResponse { Volumes = engine.Volumes.List(Filters.Parse(call.Query("filters"), "dangling", "driver", "label", "name")) }, ApiJson.Default.VolumeListResponse));
        router.Map("POST", "/volumes/create", Create);
        router.Map("POST", "/volumes/prune", Prune);
        router.Map("GET", "/volumes/{name}", call => call.Json(engine.Volumes.Get(call["name"]), ApiJson.Default.Volume));
        router.Map("DELETE", "/volumes/{name}", Remove);
    }

    private Task Prune(ApiCall call)
    {
        var report = engine.Volumes.Prune(Filters.Parse(call.Query("filters"), "all", "label", "label!"));
        engine.Events.Publish("volume", "prune", "", [new("reclaimed", report.SpaceReclaimed.ToString(System.Globalization.CultureInfo.InvariantCulture))]);
        return call.Json(report, ApiJson.Default.VolumesPruneReport);
    }

    private async Task Create(ApiCall call)
    {
        var (volume, _) = engine.Volumes.Create(await call.Body(ApiJson.Default.VolumeCreateRequest));
        await call.Json(volume, ApiJson.Default.Volume, 201);
    }

    private Task Remove(ApiCall call)
    {
        engine.Volumes.Remove(call["name"], call.Flag("force"));
        return call.Empty();
    }
}
