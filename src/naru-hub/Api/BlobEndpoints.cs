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
        var blob = await blobs.Require(repository, ParseDigest(at.Reference), head, call.Cancel);
        var response = call.Response;
        Conditions.Describe(response, blob.Digest);
        response.Headers.AcceptRanges = "bytes";
        response.Headers.CacheControl = "max-age=31536000";
        if (Conditions.Unchanged(call, blob.Digest))
        {
            await call.Empty(StatusCodes.Status304NotModified);
            return;
        }

        if (!head && await blobs.Address(blob, call.Cancel) is { } address)
        {
            response.Headers.Location = address.AbsoluteUri;
            await call.Empty(StatusCodes.Status307TemporaryRedirect);
            return;
        }

        // RFC 9110: a range is for GET alone, and only of what the client has begun already.
        var range = ByteRange.Parse(head || Conditions.Another(call, blob.Digest) ? null : call.Header("Range"), blob.Size);
        response.StatusCode = range.Partial ? StatusCodes.Status206PartialContent : StatusCodes.Status200OK;
        if (range.Unsatisfiable)
        {
            response.Headers.ContentRange = $"bytes */{blob.Size}";
            throw new RegistryException(RegistryErrorCode.SizeInvalid, $"the blob has {blob.Size} bytes", call.Header("Range"), StatusCodes.Status416RangeNotSatisfiable);
        }

        if (range.Partial)
            response.Headers.ContentRange = $"bytes {range.First}-{range.First + range.Length - 1}/{blob.Size}";
        response.ContentType = "application/octet-stream";
        response.ContentLength = range.Length;
        if (!head && range.Length > 0)
        {
            await using var content = await blobs.Read(blob, range.First, range.Length, call.Cancel);
            await BlobSender.Send(content, range.Length, call);
        }
    }

    public async Task Delete(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Delete, call.Cancel);
        await blobs.Delete(repository, ParseDigest(at.Reference), call.Cancel);
        await call.Empty(StatusCodes.Status202Accepted);
    }

    /// <exception cref="RegistryException">DIGEST_INVALID.</exception>
    internal static Digest ParseDigest(string text) =>
        Digest.TryParse(text, out var digest) ? digest : throw new RegistryException(RegistryErrorCode.DigestInvalid, "invalid digest", text);
}
