using Microsoft.AspNetCore.Http;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.HubServer.Http;
using Naru.Oci;

namespace Naru.HubServer.Api;

/// <summary>GET, HEAD and DELETE of a blob.</summary>
internal sealed class BlobEndpoints(Access access, Blobs blobs)
{
    public async Task Get(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Pull, call.Cancel);
        var head = HttpMethods.IsHead(call.Request.Method);
        await Send(call, await blobs.Require(repository, ParseDigest(at.Reference), head, call.Cancel));
    }

    /// <summary>Answers a GET or HEAD with a blob that is in the storage.</summary>
    public async Task Send(HubCall call, Blob blob)
    {
        var head = HttpMethods.IsHead(call.Request.Method);
        if (!head && !Conditions.Unchanged(call, blob.Digest) && await blobs.Address(blob, call.Cancel) is { } address)
        {
            Conditions.Describe(call.Response, blob.Digest);
            call.Response.Headers.Location = address.AbsoluteUri;
            await call.Empty(StatusCodes.Status307TemporaryRedirect);
            return;
        }

        if (Begin(call, blob.Digest, blob.Size) is not { } range || head || range.Length == 0)
            return;
        await using var content = await blobs.Read(blob, range.First, range.Length, call.Cancel);
        await BlobSender.Send(content, range.Length, call);
    }

    /// <summary>Writes the head of an answer with a blob; which of its bytes are to follow, or null for none because the client has it.</summary>
    /// <exception cref="RegistryException">SIZE_INVALID (416).</exception>
    public static ByteRange? Begin(HubCall call, Digest digest, long size)
    {
        var response = call.Response;
        Conditions.Describe(response, digest);
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = "max-age=31536000";
        if (Conditions.Unchanged(call, digest))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.ContentLength = 0;
            return null;
        }

        // RFC 9110: a range is for GET alone, and only of what the client has begun already.
        var range = ByteRange.Parse(HttpMethods.IsHead(call.Request.Method) || Conditions.Another(call, digest) ? null : call.Header("Range"), size);
        response.StatusCode = range.Partial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        if (range.Unsatisfiable)
        {
            response.Headers.ContentRange = $"bytes */{size}";
            throw new RegistryException(RegistryErrorCode.SizeInvalid, $"the blob has {size} bytes", call.Header("Range"), StatusCodes.Status416RangeNotSatisfiable);
        }

        if (range.Partial)
            response.Headers.ContentRange = $"bytes {range.First}-{range.First + range.Length - 1}/{size}";
        response.ContentType = "application/octet-stream";
        response.ContentLength = range.Length;
        return range;
    }

    public async Task Delete(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Delete, call.Cancel);
        await blobs.Delete(repository, call.Caller, ParseDigest(at.Reference), call.Cancel);
        await call.Empty(StatusCodes.Status202Accepted);
    }

    /// <exception cref="RegistryException">DIGEST_INVALID.</exception>
    internal static Digest ParseDigest(string text) =>
        Digest.TryParse(text, out var digest) ? digest : throw new RegistryException(RegistryErrorCode.DigestInvalid, "invalid digest", text);
}
