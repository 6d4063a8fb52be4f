using System.Text.Json;
using Naru.Api;
using Naru.Base;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Engine.Images;
using Naru.Oci;

namespace Naru.Daemon.Api;

/// <summary>/images</summary>
internal sealed class ImageEndpoints(EngineHost engine)
{
    public void Map(Router router)
    {
        router.Map("GET", "/images/json", List);
        router.Map("POST", "/images/create", Create);
        router.Map("POST", "/images/load", Load);
        router.Map("GET", "/images/get", call => Save(call, [.. call.Context.Request.Query["names"].SelectMany(names => names!.Split(','))]));
        router.Map("GET", "/images/{name*}/get", call => Save(call, [call["name"]]));
        router.Map("POST", "/images/prune", async call => await call.Json(await engine.Images.Prune(Filters.Parse(call.Query("filters"), "dangling", "label", "label!", "until"), call.Cancel), ApiJson.Default.ImagesPruneReport));
        router.Map("GET", "/images/{name*}/json", Inspect);
        router.Map("GET", "/images/{name*}/history", async call => await call.Json(await engine.Images.History(call["name"], call.Cancel), ApiJson.Default.IReadOnlyListImageHistoryItem));
        router.Map("POST", "/images/{name*}/tag", Tag);
        router.Map("DELETE", "/images/{name*}", async call => await call.Json(await engine.Images.Remove(call["name"], call.Flag("force"), call.Cancel), ApiJson.Default.IReadOnlyListImageDeleteItem));
    }

    private async Task List(ApiCall call)
    {
        var filters = Filters.Parse(call.Query("filters"), "dangling", "label", "before", "since", "reference", "until");
        await call.Json(await engine.Images.List(filters, call.Cancel), ApiJson.Default.IReadOnlyListImageSummary);
    }

    private async Task Inspect(ApiCall call)
    {
        var image = await engine.Images.Get(call["name"], call.Cancel);
        using var document = JsonDocument.Parse(await engine.Images.Config(image, call.Cancel));
        await call.Json(new ImageInspect
        {
            Id = image.Id.ToString(),
            RepoTags = ImageStore.Tags(image),
            RepoDigests = ImageStore.Digests(image),
            Comment = image.Config.Comment ?? "",
            Created = image.Config.Created ?? "",
            DockerVersion = image.Config.DockerVersion ?? "",
            Author = image.Config.Author ?? "",
            Config = document.RootElement.TryGetProperty("config", out var config) ? config : null,
            Architecture = image.Config.Architecture,
            Os = image.Config.Os,
            Size = image.Size,
            RootFS = new ImageRootFs { Layers = [.. image.Config.RootFs.DiffIds.Select(diffId => diffId.ToString())] },
        }, ApiJson.Default.ImageInspect);
    }

    private async Task Tag(ApiCall call)
    {
        await engine.Images.Tag(call["name"], call.Query("repo") ?? "", call.Query("tag") ?? "", call.Cancel);
        await call.Empty(201);
    }

    private async Task Load(ApiCall call)
    {
        var said = await engine.Archives.Load(call.Context.Request.Body, call.Cancel);
        var lines = said.SelectMany(line => (byte[])[.. JsonSerializer.SerializeToUtf8Bytes(new ProgressMessage { Stream = line + "\n" }, ApiJson.Default.ProgressMessage), (byte)'\r', (byte)'\n']);
        await call.Bytes([.. lines], "application/json");
    }

    private Task Save(ApiCall call, IReadOnlyList<string> names) => engine.Archives.Save(
        names,
        async () =>
        {
            call.Context.Response.ContentType = "application/x-tar";
            await call.Context.Response.StartAsync(call.Cancel);
            return call.Context.Response.Body;
        },
        call.Cancel);

    private async Task Create(ApiCall call)
    {
        var source = call.Query("fromSrc");
        if (string.IsNullOrEmpty(source))
            throw new NaruException(ErrorKind.Unimplemented, "pull is not supported by this engine yet");
        if (source != "-")
            throw NaruException.Invalid("import reads the request's body only: fromSrc must be -");
        string? name = null;
        if (call.Query("repo") is { Length: > 0 } repository)
        {
            if (!ImageReference.TryParse(call.Query("tag") is { Length: > 0 } tag ? $"{repository}:{tag}" : repository, out var reference) || !reference.Digest.IsEmpty)
                throw NaruException.Invalid("invalid reference format");
            name = reference.WithDefaultTag().ToString();
        }

        if (call.Context.Request.Query["changes"].Count > 0)
            throw NaruException.Invalid("changes are not supported by import");
        call.Context.Response.ContentType = "application/json";
        var id = await engine.ImageWriter.Import(call.Context.Request.Body, name, new ImageConfig { Config = new ContainerDefaults() }, call.Query("message") is { Length: > 0 } message ? message : "Imported from -", call.Cancel);
        engine.Images.Announce("import", id.ToString(), null);
        await call.Bytes([.. JsonSerializer.SerializeToUtf8Bytes(new ProgressMessage { Status = id.ToString() }, ApiJson.Default.ProgressMessage), (byte)'\r', (byte)'\n'], "application/json");
    }
}
