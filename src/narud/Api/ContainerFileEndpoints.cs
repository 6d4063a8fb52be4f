using System.Text.Json;
using Naru.Api;
using Naru.Base;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Images;

namespace Naru.Daemon.Api;

/// <summary>/containers/{id}/archive, export, changes.</summary>
internal sealed class ContainerFileEndpoints(EngineHost engine)
{
    private const string StatHeader = "X-Docker-Container-Path-Stat";

    public void Map(Router router)
    {
        router.Map("HEAD", "/containers/{id}/archive", Stat);
        router.Map("GET", "/containers/{id}/archive", Get);
        router.Map("PUT", "/containers/{id}/archive", Put);
        router.Map("GET", "/containers/{id}/export", Export);
        router.Map("GET", "/containers/{id}/changes", Changes);
    }

    private async Task Stat(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        Describe(call, await engine.Files.Stat(container, call["id"], PathOf(call), call.Cancel));
    }

    private async Task Get(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        await engine.Files.Get(container, call["id"], PathOf(call), stat =>
        {
            Describe(call, stat);
            call.Context.Response.ContentType = "application/x-tar";
            engine.Lifecycle.Publish(container, "archive-path");
            return Task.FromResult<Stream>(new BlockingStream(call.Context.Response.Body, call.Cancel));
        }, call.Cancel);
    }

    private async Task Put(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        using var body = new BlockingStream(call.Context.Request.Body, call.Cancel);
        await engine.Files.Put(container, call["id"], PathOf(call), body, call.Flag("noOverwriteDirNonDir"), call.Flag("copyUIDGID"), call.Cancel);
        engine.Lifecycle.Publish(container, "extract-to-dir");
        await call.Empty(200);
    }

    private async Task Export(ApiCall call)
    {
        var container = engine.Store.Get(call["id"]);
        call.Context.Response.ContentType = "application/octet-stream";
        await engine.Files.Export(container, new BlockingStream(call.Context.Response.Body, call.Cancel), call.Cancel);
        engine.Lifecycle.Publish(container, "export");
    }

    private async Task Changes(ApiCall call)
    {
        var changes = await engine.Files.Changes(engine.Store.Get(call["id"]), call.Cancel);
        await call.Json(changes.Count > 0 ? changes : null!, ApiJson.Default.IReadOnlyListFilesystemChange);
    }

    private static string PathOf(ApiCall call) =>
        call.Query("path") is { Length: > 0 } path ? path : throw NaruException.Invalid("missing \"path\" argument");

    private static void Describe(ApiCall call, ContainerPathStat stat) =>
        call.Context.Response.Headers[StatHeader] = Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(stat, ApiJson.Default.ContainerPathStat));
}
