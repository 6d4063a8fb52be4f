using Naru.Api;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Engine.Registries;

namespace Naru.Daemon.Api;

/// <summary>/auth, /distribution and /images/search</summary>
internal sealed class RegistryEndpoints(EngineHost engine)
{
    public void Map(Router router)
    {
        router.Map("POST", "/auth", async call => await call.Json(await engine.Registries.Login(await call.Body(ApiJson.Default.AuthConfig), call.Cancel), ApiJson.Default.AuthResponse));
        router.Map("GET", "/images/search", async call =>
        {
            var auth = RegistryAccess.Header(call.Context.Request.Headers["X-Registry-Auth"]);
            var search = ImageSearch.Parse(call.Query("term") ?? "", call.Query("limit"), call.Query("filters"));
            await call.Json(await search.Run(engine.Registries, auth, call.Cancel), ApiJson.Default.IReadOnlyListFoundImage);
        });
        router.Map("GET", "/distribution/{name*}/json", async call =>
        {
            var auth = RegistryAccess.Header(call.Context.Request.Headers["X-Registry-Auth"]);
            await call.Json(await engine.Registries.Inspect(call["name"], auth, call.Cancel), ApiJson.Default.DistributionInspect);
        });
    }
}
