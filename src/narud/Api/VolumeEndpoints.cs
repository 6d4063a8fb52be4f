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
        router.Map("POST", "/volumes/prune", call => call.Json(engine.Volumes.Prune(Filters.Parse(call.Query("filters"), "all", "label", "label!")), ApiJson.Default.VolumesPruneReport));
        router.Map("GET", "/volumes/{name}", call => call.Json(engine.Volumes.Get(call["name"]), ApiJson.Default.Volume));
        router.Map("DELETE", "/volumes/{name}", Remove);
    }

    private async Task Create(ApiCall call)
    {
        var (volume, made) = engine.Volumes.Create(await call.Body(ApiJson.Default.VolumeCreateRequest));
        if (made)
            engine.Events.Publish("volume", "create", volume.Name, [new("driver", volume.Driver)]);
        await call.Json(volume, ApiJson.Default.Volume, 201);
    }

    private Task Remove(ApiCall call)
    {
        engine.Volumes.Remove(call["name"], call.Flag("force"));
        engine.Events.Publish("volume", "destroy", call["name"], [new("driver", "local")]);
        return call.Empty();
    }
}
