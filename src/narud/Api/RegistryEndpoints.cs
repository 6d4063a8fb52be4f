using Naru.Api;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Engine.Registries;

namespace Naru.Daemon.Api;

/// <summary>/auth and /distribution</summary>
internal sealed class RegistryEndpoints(EngineHost engine)
{
    public void Map(Router router)
    {
        router.Map("POST", "/auth", async call => await call.Json(await engine.Registries.Login(await call.Body(ApiJson.Default.AuthConfig), call.Cancel), ApiJson.Default.AuthResponse));
        router.Map("GET", "/distribution/{name*}/json", async call =>
        {
            var auth = RegistryAccess.Header(call.Context.Request.Headers["X-Registry-Auth"]);
            await call.Json(await engine.Registries.Inspect(call["name"], auth, call.Cancel), ApiJson.Default.DistributionInspect);
        });
    }
}
