using System.Globalization;
using Microsoft.AspNetCore.Http;
using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Layers;
using Naru.Hub.Registry;
using Naru.HubServer.Http;

namespace Naru.HubServer.Api;

/// <summary>Files of layers and images: <c>/api/v1/repositories/NAME/…</c>, for whoever may pull.</summary>
/// <remarks>
/// <c>layers/DIGEST/files?path=&amp;after=&amp;n=</c> a folder of a layer; <c>layers/DIGEST/file?path=</c> a file's bytes;
/// <c>images/REFERENCE/layers?platform=</c> an image's layers in numbers; <c>images/REFERENCE/files?path=&amp;layer=&amp;own=1&amp;after=&amp;n=</c> a folder of an image,
/// seen from one of its layers; <c>compare?from=&amp;to=&amp;platform=&amp;n=</c> where two images differ. 503: not indexed yet.
/// </remarks>
internal sealed class LayerEndpoints(Access access, Blobs blobs, StoredImages images, LayerIndexes indexes, LayerFiles files, ImageTree tree)
{
    private const string Root = "/api/v1/repositories/{name*}";
    private const int UsualCount = 1000;
    private const int MostCount = 5000;

    public void Map(RouteTable<Func<HubCall, Task>> routes)
    {
        routes.Map("GET", $"{Root}/layers/{{digest}}/files", LayerFolder);
        routes.Map("GET", $"{Root}/layers/{{digest}}/file", LayerFile);
        routes.Map("HEAD", $"{Root}/layers/{{digest}}/file", LayerFile);
        routes.Map("GET", $"{Root}/images/{{reference}}/layers", Layers);
        routes.Map("GET", $"{Root}/images/{{reference}}/files", ImageFolder);
        routes.Map("GET", $"{Root}/compare", Compare);
    }

    private async Task LayerFolder(HubCall call)
    {
        var layer = await Layer(call);
        var path = call.Query("path") ?? "";
        var folder = await files.List(layer.Digest.ToString(), path, call.Query("after"), Count(call, UsualCount), call.Cancel);
        if (folder.Self is null)
            throw NaruException.NotFound($"no such folder in layer {layer.Digest}: {path}");
        var entries = new List<FileAnswer>();
        foreach (var entry in folder.Children)
            entries.Add(LayerAnswers.File(entry));
        await call.Json(new FolderAnswer(path.Trim('/'), entries, folder.Next, null), LayerJson.Default.FolderAnswer);
    }

    private async Task LayerFile(HubCall call)
    {
        var layer = await Layer(call);
        var file = await files.Open(layer.Digest.ToString(), call.Query("path") ?? "", call.Cancel);
        var response = call.Response;
        var tag = $"\"{LayerAnswers.Hash(file.Entry) ?? $"{layer.Digest.Hex}-{file.Entry.Path.Length}-{file.Entry.Size}"}\"";
        response.Headers.ETag = tag;
        response.Headers.AcceptRanges = "bytes";

        // Whatever somebody put in an image: to be saved, never to be shown as this site's own.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(file.Entry.Name)}";
        if (call.Header("If-None-Match") == tag)
        {
            await call.Empty(StatusCodes.Status304NotModified);
            return;
        }

        var head = HttpMethods.IsHead(call.Request.Method);
        var another = call.Header("If-Range") is { } condition && condition != tag;
        var range = ByteRange.Parse(head || another ? null : call.Header("Range"), file.Entry.Size);
        if (range.Unsatisfiable)
        {
            response.Headers.ContentRange = $"bytes */{file.Entry.Size}";
            throw new RegistryException(RegistryErrorCode.RangeInvalid, $"the file has {file.Entry.Size} bytes", call.Header("Range"));
        }

        response.StatusCode = range.Partial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        if (range.Partial)
            response.Headers.ContentRange = $"bytes {range.First}-{range.First + range.Length - 1}/{file.Entry.Size}";
        response.ContentType = "application/octet-stream";
        response.ContentLength = range.Length;
        if (head || range.Length == 0)
            return;
        await using var content = await file.Read(range.First, range.Length, call.Cancel);
        await BlobSender.Send(content, range.Length, call);
    }

    private async Task Layers(HubCall call)
    {
        var image = await Image(call, await Repository(call), call["reference"]);
        var states = new List<LayerIndexState>();
        var ready = true;
        foreach (var layer in image.Layers)
        {
            states.Add(await indexes.State(layer, call.Cancel));
            ready &= states[^1].Ready;
        }

        var changes = ready ? await tree.Summarize(image.Layers, call.Cancel) : null;
        var layers = new List<LayerAnswer>();
        for (var i = 0; i < image.Layers.Count; i++)
        {
            var (state, did) = (states[i], changes?[i]);
            layers.Add(new LayerAnswer(image.Layers[i], image.Manifest.Layers[i].Size, state.Ready ? "ready" : state.Failure is null ? "pending" : "failed", state.Failure,
                did?.Added, did?.Changed, did?.Hidden, did?.Bytes, did?.HiddenBytes, did?.WastedBytes));
        }

        await call.Json(new ImageAnswer(image.Digest.ToString(), image.Config?.Platform.ToString(), layers), LayerJson.Default.ImageAnswer);
    }

    private async Task ImageFolder(HubCall call)
    {
        var image = await Image(call, await Repository(call), call["reference"]);
        var top = call.Query("layer") is { } text ? Number(text, "layer") : image.Layers.Count - 1;
        var path = call.Query("path") ?? "";
        var folder = await tree.List(image.Layers, top, path, call.Query("own") == "1", call.Query("after"), Count(call, UsualCount), call.Cancel);
        var entries = new List<FileAnswer>();
        foreach (var child in folder.Children)
            entries.Add(LayerAnswers.File(child));
        await call.Json(new FolderAnswer(path.Trim('/'), entries, folder.Next, folder.Unknown), LayerJson.Default.FolderAnswer);
    }

    private async Task Compare(HubCall call)
    {
        var repository = await Repository(call);
        var from = await Image(call, repository, call.Query("from") ?? throw NaruException.Invalid("compare needs from= and to=, each a tag or a digest"));
        var to = await Image(call, repository, call.Query("to") ?? throw NaruException.Invalid("compare needs from= and to=, each a tag or a digest"));
        var compared = await tree.Compare(from.Layers, to.Layers, Count(call, UsualCount), call.Cancel);
        var differences = new List<DifferenceAnswer>();
        foreach (var difference in compared.Differences)
        {
            differences.Add(new DifferenceAnswer(difference.Path, LayerAnswers.Change(difference.Kind), difference.Before?.Size, difference.After?.Size,
                LayerAnswers.Hash(difference.Before), LayerAnswers.Hash(difference.After)));
        }

        var config = new List<ConfigDifferenceAnswer>();
        foreach (var difference in ConfigComparison.Compare(from.Config ?? new(), to.Config ?? new()))
            config.Add(new ConfigDifferenceAnswer(difference.Field, difference.Name, difference.From, difference.To));
        await call.Json(new CompareAnswer(Compared(from), Compared(to), compared.Added, compared.Changed, compared.Removed, compared.AddedBytes, compared.RemovedBytes,
            compared.ChangedGrowth, differences, compared.Complete, config, compared.Unknown), LayerJson.Default.CompareAnswer);
    }

    private static ComparedImage Compared(StoredImage image)
    {
        long size = 0;
        foreach (var layer in image.Manifest.Layers)
            size += layer.Size;
        return new ComparedImage(image.Reference, image.Digest.ToString(), size, image.Layers);
    }

    private ValueTask<Repository> Repository(HubCall call) => access.Require(call.Caller, call["name"], RepositoryAction.Pull, call.Cancel);

    private ValueTask<StoredImage> Image(HubCall call, Repository repository, string reference) => images.Require(repository, reference, call.Query("platform"), call.Cancel);

    /// <summary>The layer, if the repository holds it: an index says nothing to those who may not pull.</summary>
    private async Task<Blob> Layer(HubCall call) =>
        await blobs.Require(await Repository(call), BlobEndpoints.ParseDigest(call["digest"]), pushing: false, call.Cancel);

    private static int Count(HubCall call, int usual) => call.Query("n") is { } text ? Math.Clamp(Number(text, "n"), 1, MostCount) : usual;

    private static int Number(string text, string what) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw NaruException.Invalid($"{what} is no number: \"{text}\"");
}
