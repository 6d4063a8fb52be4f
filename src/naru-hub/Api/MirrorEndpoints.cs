using Microsoft.AspNetCore.Http;
using Naru.Hub.Accounts;
using Naru.Hub.Mirrors;
using Naru.Hub.Registry;
using Naru.HubServer.Http;

namespace Naru.HubServer.Api;

/// <summary>What is pulled through from other registries.</summary>
internal sealed class MirrorEndpoints(Access access, MirrorService mirrors, BlobEndpoints blobs, ManifestEndpoints manifests)
{
    /// <summary>The mirrored repository that a request is about; null for one that is this registry's own.</summary>
    /// <exception cref="RegistryException">NAME_UNKNOWN: of a registry that is not mirrored; UNSUPPORTED: a push to one that is.</exception>
    public async ValueTask<MirroredName?> Find(HubCall call, RegistryPath at)
    {
        var reads = at.Kind is RegistryPathKind.Blob or RegistryPathKind.Manifest or RegistryPathKind.Tags or RegistryPathKind.Referrers && (HttpMethods.IsGet(call.Request.Method) || HttpMethods.IsHead(call.Request.Method));
        if (call.Query("ns") is { } registry)
        {
            if (mirrors.Mirrors.Parse(registry, at.Name) is { } named)
                return reads ? named : throw new RegistryException(RegistryErrorCode.Unsupported, $"{registry} is mirrored here: nothing can be pushed to it", at.Name);

            // A client that takes this for a mirror of everything must not get images of the same name from here.
            if (!string.Equals(registry, call.Request.Host.Value, StringComparison.OrdinalIgnoreCase))
                throw new RegistryException(RegistryErrorCode.NameUnknown, $"{registry} is not mirrored here", at.Name);
        }

        if (!reads)
            return null;
        return mirrors.Mirrors.Parse(at.Name) ?? (mirrors.Mirrors.Default(at.Name) is { } other && !await access.Owns(call.Caller, at.Name, call.Cancel) ? other : null);
    }

    public Task Handle(HubCall call, RegistryPath at, MirroredName named)
    {
        access.CheckPull(call.Caller, named, at.Name);
        return at.Kind switch
        {
            RegistryPathKind.Blob => Blob(call, at, named),
            RegistryPathKind.Manifest => Manifest(call, at, named),
            RegistryPathKind.Referrers => Referrers(call, at, named),
            _ => Tags(call, at, named),
        };
    }

    private async Task Manifest(HubCall call, RegistryPath at, MirroredName named)
    {
        manifests.Admit(call, at);
        var found = await mirrors.Manifests.Require(named, at.Reference, call.Cancel);
        if (found.Stale)
            call.Response.Headers.Warning = "110 naru-hub \"the upstream does not answer\"";
        await manifests.Send(call, found.Repository, found.Manifest);
    }

    private async Task Blob(HubCall call, RegistryPath at, MirroredName named)
    {
        var digest = BlobEndpoints.ParseDigest(at.Reference);
        if (HttpMethods.IsHead(call.Request.Method))
        {
            BlobEndpoints.Begin(call, digest, await mirrors.Blobs.Size(named, digest, call.Cancel));
            return;
        }

        using var blob = await mirrors.Blobs.Open(named, digest, call.Cancel);
        if (blob.Stored is { } stored)
        {
            await blobs.Send(call, stored);
            return;
        }

        if (BlobEndpoints.Begin(call, digest, blob.Size) is not { } range)
            return;
        await using var content = blob.Read(range.First, range.Length);
        await BlobSender.Send(content, range.Length, call);
    }

    private async Task Tags(HubCall call, RegistryPath at, MirroredName named)
    {
        var count = ListEndpoints.Count(call, ListEndpoints.LongestPage);
        var tags = await mirrors.Manifests.Tags(named, call.Query("last") ?? "", count + 1, call.Cancel);
        ListEndpoints.Page(call, $"/v2/{at.Name}/tags/list", tags, count, Named(call));
        await call.Json(new TagList(at.Name, tags), ApiJson.Default.TagList);
    }

    private async Task Referrers(HubCall call, RegistryPath at, MirroredName named)
    {
        var subject = BlobEndpoints.ParseDigest(at.Reference);
        var type = call.Query("artifactType");
        var count = ListEndpoints.Count(call, ListEndpoints.LongestPage);
        var found = await mirrors.Manifests.Referrers(named, subject, type, call.Query("last") ?? "", count + 1, call.Cancel);
        await ListEndpoints.SendReferrers(call, $"/v2/{at.Name}/referrers/{subject}", found, type, count, Named(call));
    }

    /// <summary>What the next page's address must say again.</summary>
    private static string Named(HubCall call) => call.Query("ns") is { } registry ? "&ns=" + Uri.EscapeDataString(registry) : "";
}
