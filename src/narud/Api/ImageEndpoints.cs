using Naru.Api;
using Naru.Base;
using Naru.Daemon.Http;
using Naru.Engine;
using Naru.Engine.Images;
using Naru.Engine.Registries;
using Naru.Oci;

namespace Naru.Daemon.Api;

/// <summary>/images and /commit</summary>
internal sealed class ImageEndpoints(EngineHost engine)
{
    public void Map(Router router)
    {
        router.Map("GET", "/images/json", List);
        router.Map("POST", "/images/create", Create);
        router.Map("POST", "/images/load", Load);
        router.Map("GET", "/images/get", call => Save(call, [.. call.Context.Request.Query["names"].SelectMany(names => names!.Split(','))]));
        router.Map("GET", "/images/{name*}/get", call => Save(call, [call["name"]]));
        router.Map("POST", "/images/prune", Prune);
        router.Map("GET", "/images/{name*}/json", async call => await call.Json(await engine.ImageViews.Inspect(call["name"], call.Cancel), ApiJson.Default.ImageInspect));
        router.Map("GET", "/images/{name*}/history", async call => await call.Json(await engine.Images.History(call["name"], call.Cancel), ApiJson.Default.IReadOnlyListImageHistoryItem));
        router.Map("POST", "/images/{name*}/push", Push);
        router.Map("POST", "/images/{name*}/tag", Tag);
        router.Map("DELETE", "/images/{name*}", async call => await call.Json(await engine.ImageRemover.Remove(call["name"], call.Flag("force"), call.Cancel), ApiJson.Default.IReadOnlyListImageDeleteItem));
        router.Map("POST", "/commit", Commit);
    }

    private async Task List(ApiCall call)
    {
        var filters = Filters.Parse(call.Query("filters"), "dangling", "label", "before", "since", "reference", "until");
        await call.Json(await engine.ImageListing.List(filters, call.Flag("shared-size"), call.Cancel), ApiJson.Default.IReadOnlyListImageSummary);
    }

    private async Task Prune(ApiCall call)
    {
        var filters = Filters.Parse(call.Query("filters"), "dangling", "label", "label!", "until");
        await call.Json(await engine.ImageRemover.Prune(filters, call.Cancel), ApiJson.Default.ImagesPruneReport);
    }

    private async Task Tag(ApiCall call)
    {
        await engine.Images.Tag(call["name"], call.Query("repo") ?? "", call.Query("tag") ?? "", call.Cancel);
        await call.Empty(201);
    }

    private Task Load(ApiCall call) =>
        ProgressResponse.Run(call, output => engine.Archives.Load(call.Context.Request.Body, call.Flag("quiet", otherwise: true), output, call.Cancel));

    private Task Save(ApiCall call, IReadOnlyList<string> names) => engine.Archives.Save(
        names,
        Platforms(call),
        async () =>
        {
            call.Context.Response.ContentType = "application/x-tar";
            await call.Context.Response.StartAsync(call.Cancel);
            return call.Context.Response.Body;
        },
        call.Cancel);

    /// <summary>A pull, or an import of the body's tar.</summary>
    private async Task Create(ApiCall call)
    {
        var platform = call.Query("platform") is { Length: > 0 } text ? Platform.Parse(text) : null;
        if (call.Query("fromImage") is { Length: > 0 } image)
        {
            var auth = RegistryAccess.Header(call.Context.Request.Headers["X-Registry-Auth"]);
            await ProgressResponse.Run(call, output => engine.Pulls.Pull(image, call.Query("tag"), platform, auth, output, call.Cancel));
            return;
        }

        var source = call.Query("fromSrc");
        if (source != "-")
            throw NaruException.Invalid(string.IsNullOrEmpty(source) ? "either fromImage or fromSrc must say where the image comes from" : $"import reads the request's body only: fromSrc must be -, not {source}");
        var changes = ConfigChanges.Apply(new ContainerDefaults(), call.Context.Request.Query["changes"].OfType<string>());
        var message = call.Query("message") is { Length: > 0 } said ? said : "Imported from -";
        await ProgressResponse.Run(call, async output =>
        {
            var made = await engine.ImageWriter.Import(call.Context.Request.Body, Name(call), changes, platform ?? Platform.Host, message, call.Cancel);
            engine.Images.Announce("import", made);
            output.Say(made.Id.ToString());
        });
    }

    private async Task Push(ApiCall call)
    {
        var auth = RegistryAccess.Header(call.Context.Request.Headers["X-Registry-Auth"]);
        var platform = PlatformJson.Read(call.Query("platform"));
        await ProgressResponse.Run(call, output => engine.Pushes.Push(call["name"], call.Query("tag"), platform, auth, output, call.Cancel));
    }

    private async Task Commit(ApiCall call)
    {
        var container = engine.Store.Get(call.Query("container") ?? "");
        var body = await call.OptionalBody(ApiJson.Default.ContainerConfig);
        var made = await engine.Commits.Commit(
            container, Name(call), body, [.. call.Context.Request.Query["changes"].OfType<string>()], call.Query("author") ?? "", call.Query("comment") ?? "", call.Flag("pause", otherwise: true), call.Cancel);
        engine.Lifecycle.Publish(container, "commit", ("comment", call.Query("comment") ?? ""), ("imageID", made.Id.ToString()), ("imageRef", made.Tags.FirstOrDefault() ?? ""));
        await call.Json(new CommitResponse { Id = made.Id.ToString() }, ApiJson.Default.CommitResponse, 201);
    }

    /// <summary>repo and tag, as import and commit name what they make; null without.</summary>
    private static ImageReference? Name(ApiCall call)
    {
        if (call.Query("repo") is not { Length: > 0 } repository)
            return null;
        var name = ImageReference.Parse(repository);
        if (!name.Digest.IsEmpty)
            throw NaruException.Invalid("cannot import digest reference");
        return (call.Query("tag") is { Length: > 0 } tag ? name.WithTag(tag) : name).WithDefaultTag();
    }

    private static Platform? Platforms(ApiCall call)
    {
        var wanted = call.Context.Request.Query["platform"];
        if (wanted.Count > 1)
            throw NaruException.Invalid("only one platform can be saved at a time");
        return PlatformJson.Read(wanted.Count == 0 ? null : wanted[0]);
    }
}
