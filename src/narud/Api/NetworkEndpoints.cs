using Naru.Api;
using Naru.Daemon.Http;
using Naru.Engine;

namespace Naru.Daemon.Api;

/// <summary>/networks</summary>
internal sealed class NetworkEndpoints(EngineHost engine)
{
    public void Map(Router router)
    {
        router.Map("GET", "/networks", call => call.Json(engine.NetworkList.List(Filters.Parse(call.Query("filters"), "dangling", "driver", "id", "label", "name", "scope", "type")), ApiJson.Default.IReadOnlyListNetworkResource));
        router.Map("POST", "/networks/create", async call =>
        {
            engine.NetworkList.Create(await call.Body(ApiJson.Default.NetworkCreateRequest));
            await call.Empty();
        });
        router.Map("POST", "/networks/prune", call => call.Json(new NetworksPruneReport(), ApiJson.Default.NetworksPruneReport));
        router.Map("GET", "/networks/{name}", call => call.Json(engine.NetworkList.Get(call["name"]), ApiJson.Default.NetworkResource));
        router.Map("DELETE", "/networks/{name}", call =>
        {
            engine.NetworkList.Remove(call["name"]);
            return call.Empty();
        });
        router.Map("POST", "/networks/{name}/connect", async call =>
        {
            engine.NetworkList.Connect(call["name"], await call.Body(ApiJson.Default.NetworkConnectRequest));
            await call.Empty();
        });
        router.Map("POST", "/networks/{name}/disconnect", async call =>
        {
            engine.NetworkList.Disconnect(call["name"], await call.Body(ApiJson.Default.NetworkConnectRequest));
            await call.Empty();
        });
    }
}
