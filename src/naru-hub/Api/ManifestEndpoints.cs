using Microsoft.AspNetCore.Http;
using Naru.Hub.Accounts;
using Naru.Hub.Accounts.Limits;
using Naru.Hub.Registry;
using Naru.HubServer.Http;
using Naru.Oci;

namespace Naru.HubServer.Api;

/// <summary>GET, HEAD, PUT and DELETE of a manifest or tag.</summary>
internal sealed class ManifestEndpoints(Access access, Manifests manifests, PullCounter pulls, PullLimits limits)
{
    public async Task Get(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Pull, call.Cancel);
        Admit(call, at);
        await Send(call, repository, await manifests.Require(repository, at.Reference, call.Cancel));
    }

    /// <summary>Counts the request as a pull, if it is one: not a HEAD, and not a manifest that an index just led the caller to.</summary>
    /// <exception cref="RegistryException">TOOMANYREQUESTS.</exception>
    public void Admit(HubCall call, RegistryPath at)
    {
        // Said before it is counted, so that a refusal says it too.
        Limit(call, limits.Look(call.Caller));
        if (HttpMethods.IsGet(call.Request.Method) && !(Digest.TryParse(at.Reference, out var digest) && limits.IsLed(call.Caller, digest)))
            Limit(call, limits.Take(call.Caller));
    }

    /// <summary>Answers a GET or HEAD of a manifest.</summary>
    public async Task Send(HubCall call, Repository repository, Manifest manifest)
    {
        Conditions.Describe(call.Response, manifest.Digest);
        if (Conditions.Unchanged(call, manifest.Digest))
        {
            await call.Empty(StatusCodes.Status304NotModified);
            return;
        }

        if (HttpMethods.IsGet(call.Request.Method))
        {
            pulls.Count(repository, manifest.Digest);
            if (MediaTypes.IsIndex(manifest.MediaType))
                limits.Lead(call.Caller, manifest);
        }

        await call.Bytes(manifest.Content, manifest.MediaType);
    }

    public async Task Put(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Push, call.Cancel);
        var content = await Body(call);
        var pushed = await manifests.Put(repository, call.Caller, at.Reference, call.Request.ContentType, content, call.Cancel);
        var headers = call.Response.Headers;
        headers.Location = $"/v2/{repository.Name}/manifests/{pushed.Digest}";
        headers["Docker-Content-Digest"] = pushed.Digest.ToString();
        if (pushed.Subject is { } subject)
            headers["OCI-Subject"] = subject.ToString();
        await call.Empty(StatusCodes.Status201Created);
    }

    public async Task Delete(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Delete, call.Cancel);
        await manifests.Delete(repository, call.Caller, at.Reference, call.Cancel);
        await call.Empty(StatusCodes.Status202Accepted);
    }

    /// <summary>What Docker Hub says about its limit.</summary>
    private static void Limit(HubCall call, PullLimitState? state)
    {
        if (state is null)
            return;
        call.Response.Headers["ratelimit-limit"] = state.LimitHeader;
        call.Response.Headers["ratelimit-remaining"] = state.RemainingHeader;
        call.Response.Headers["docker-ratelimit-source"] = state.Source;
    }

    private static async ValueTask<byte[]> Body(HubCall call)
    {
        if (call.Request.ContentLength > ManifestKind.MaximumSize)
            throw TooLarge();
        using var content = new MemoryStream((int)(call.Request.ContentLength ?? 4096));
        var buffer = new byte[16 << 10];
        int count;
        while ((count = await call.Request.Body.ReadAsync(buffer, call.Cancel)) > 0)
        {
            content.Write(buffer, 0, count);
            if (content.Length > ManifestKind.MaximumSize)
                throw TooLarge();
        }

        return content.ToArray();
    }

    private static RegistryException TooLarge() =>
        new(RegistryErrorCode.SizeInvalid, $"manifest is larger than {ManifestKind.MaximumSize} bytes", status: StatusCodes.Status413PayloadTooLarge);
}
