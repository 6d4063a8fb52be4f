using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Naru.Hub.Registry;
using Naru.HubServer.Http;

namespace Naru.HubServer.Api;

/// <summary>Everything below <c>/v2/</c>: OCI distribution-spec 1.1.</summary>
/// <param name="mirrors">Null where no other registry is pulled through.</param>
internal sealed class RegistryServer(BlobEndpoints blobs, UploadEndpoints uploads, ManifestEndpoints manifests, ListEndpoints lists, MirrorEndpoints? mirrors)
{
    public Task Handle(HubCall call, string path)
    {
        call.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        CheckAsSent(call, path);
        if (RegistryPath.Parse(path) is not { } at)
            throw new RegistryException(RegistryErrorCode.Unsupported, "page not found", path, StatusCodes.Status404NotFound);
        return mirrors is null || at.Name.Length == 0 ? Own(call, at) : Mirrored(call, at, mirrors);
    }

    private async Task Mirrored(HubCall call, RegistryPath at, MirrorEndpoints mirrored)
    {
        if (await mirrored.Find(call, at) is { } named)
            await mirrored.Handle(call, at, named);
        else
            await Own(call, at);
    }

    private Task Own(HubCall call, RegistryPath at)
    {
        return (at.Kind, call.Request.Method) switch
        {
            (RegistryPathKind.Base, "GET" or "HEAD") => call.Bytes("{}"u8.ToArray(), "application/json"),
            (RegistryPathKind.Catalog, "GET") => lists.Catalog(call),
            (RegistryPathKind.Tags, "GET") => lists.Tags(call, at),
            (RegistryPathKind.Referrers, "GET") => lists.Referrers(call, at),
            (RegistryPathKind.Blob, "GET" or "HEAD") => blobs.Get(call, at),
            (RegistryPathKind.Blob, "DELETE") => blobs.Delete(call, at),
            (RegistryPathKind.Uploads, "POST") => uploads.Begin(call, at),
            (RegistryPathKind.Upload, "GET" or "HEAD") => uploads.Status(call, at),
            (RegistryPathKind.Upload, "PATCH") => uploads.Append(call, at),
            (RegistryPathKind.Upload, "PUT") => uploads.Finish(call, at),
            (RegistryPathKind.Upload, "DELETE") => uploads.Cancel(call, at),
            (RegistryPathKind.Manifest, "GET" or "HEAD") => manifests.Get(call, at),
            (RegistryPathKind.Manifest, "PUT") => manifests.Put(call, at),
            (RegistryPathKind.Manifest, "DELETE") => manifests.Delete(call, at),
            _ => throw NotAllowed(call, at.Kind),
        };
    }

    /// <summary>The server takes "." and ".." out of a path, and leaves an escaped slash: neither is part of any name, and what they lead to was not asked for.</summary>
    /// <exception cref="RegistryException">NAME_INVALID.</exception>
    private static void CheckAsSent(HubCall call, string path)
    {
        var target = call.Context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?');
        var sent = query < 0 ? target : target[..query];
        if (sent != path && sent.StartsWith('/') && Uri.UnescapeDataString(sent) != path)
            throw new RegistryException(RegistryErrorCode.NameInvalid, "invalid path", sent);
    }

    private static RegistryException NotAllowed(HubCall call, RegistryPathKind kind)
    {
        call.Response.Headers.Allow = kind switch
        {
            RegistryPathKind.Base => "GET, HEAD",
            RegistryPathKind.Blob => "GET, HEAD, DELETE",
            RegistryPathKind.Uploads => "POST",
            RegistryPathKind.Upload => "GET, HEAD, PATCH, PUT, DELETE",
            RegistryPathKind.Manifest => "GET, HEAD, PUT, DELETE",
            _ => "GET",
        };
        return new RegistryException(RegistryErrorCode.Unsupported, "the operation is unsupported", call.Request.Method);
    }
}
