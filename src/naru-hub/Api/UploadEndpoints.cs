using System.Globalization;
using Microsoft.AspNetCore.Http;
using Naru.Base;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.HubServer.Http;
using Naru.Oci;

namespace Naru.HubServer.Api;

/// <summary>How a blob is pushed: in one request, in two, in pieces, or from another repository.</summary>
internal sealed class UploadEndpoints(Access access, Blobs blobs, Uploads uploads)
{
    public async Task Begin(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Push, call.Cancel);
        if (call.Query("mount") is { } mount && await Mount(call, repository, BlobEndpoints.ParseDigest(mount), call.Query("from")))
        {
            await Created(call, repository, BlobEndpoints.ParseDigest(mount));
            return;
        }

        if (call.Query("digest") is { } text)
        {
            var digest = BlobEndpoints.ParseDigest(text);
            var whole = await uploads.Begin(repository, call.Caller, call.Cancel);
            try
            {
                await uploads.Finish(repository, whole, call.Request.Body, null, digest, call.Cancel);
            }
            catch
            {
                // Nobody was told its name: nobody can go on with it.
                await Discard(repository, whole);
                throw;
            }

            await Created(call, repository, digest);
            return;
        }

        Progress(call, repository, await uploads.Begin(repository, call.Caller, call.Cancel), 0);
        await call.Empty(StatusCodes.Status202Accepted);
    }

    public async Task Status(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Push, call.Cancel);
        Progress(call, repository, at.Reference, await uploads.Length(repository, at.Reference, call.Cancel));
        await call.Empty(StatusCodes.Status204NoContent);
    }

    public async Task Append(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Push, call.Cancel);
        var (first, count) = ContentRange(call);
        long length;
        try
        {
            length = await uploads.Append(repository, at.Reference, call.Request.Body, first, count, call.Cancel);
        }
        catch (RegistryException e) when (e.Code == RegistryErrorCode.RangeInvalid)
        {
            // Spec: the answer to a piece out of order says where to go on.
            Progress(call, repository, at.Reference, await uploads.Length(repository, at.Reference, call.Cancel));
            throw;
        }

        Progress(call, repository, at.Reference, length);
        await call.Empty(StatusCodes.Status202Accepted);
    }

    public async Task Finish(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Push, call.Cancel);
        var digest = BlobEndpoints.ParseDigest(call.Query("digest") ?? throw new RegistryException(RegistryErrorCode.DigestInvalid, "digest is missing"));
        var (first, _) = ContentRange(call);
        await uploads.Finish(repository, at.Reference, call.Request.Body, first, digest, call.Cancel);
        await Created(call, repository, digest);
    }

    public async Task Cancel(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Push, call.Cancel);
        await uploads.Cancel(repository, at.Reference, call.Cancel);
        await call.Empty(StatusCodes.Status204NoContent);
    }

    private async ValueTask Discard(Repository repository, string id)
    {
        try
        {
            await uploads.Cancel(repository, id, CancellationToken.None);
        }
        catch (NaruException e)
        {
            // It is gone already, or will be collected; why it failed is said by who failed.
            Log.Debug($"upload {id}: {e.Message}");
        }
    }

    private async ValueTask<bool> Mount(HubCall call, Repository repository, Digest digest, string? from)
    {
        if (from is null)
            return await blobs.Find(repository, digest, pushing: true, call.Cancel) is not null;
        Repository source;
        try
        {
            source = await access.Require(call.Caller, from, RepositoryAction.Pull, call.Cancel);
        }
        catch (NaruException e) when (e.Kind is ErrorKind.NotFound or ErrorKind.Unauthenticated or ErrorKind.PermissionDenied or ErrorKind.InvalidArgument)
        {
            // Spec: what cannot be mounted is uploaded instead.
            return false;
        }

        return await blobs.Mount(repository, source, digest, call.Cancel);
    }

    private static Task Created(HubCall call, Repository repository, Digest digest)
    {
        call.Response.Headers.Location = $"/v2/{repository.Name}/blobs/{digest}";
        call.Response.Headers["Docker-Content-Digest"] = digest.ToString();
        return call.Empty(StatusCodes.Status201Created);
    }

    private static void Progress(HubCall call, Repository repository, string id, long length)
    {
        var headers = call.Response.Headers;
        headers.Location = $"/v2/{repository.Name}/blobs/uploads/{id}";
        headers["Docker-Upload-UUID"] = id;
        headers.Range = $"0-{Math.Max(0, length - 1)}";
    }

    /// <summary>Where the body starts and how long it is, by its Content-Range: <c>0-99</c>, or <c>bytes 0-99/*</c> as HTTP has it. Nulls without one.</summary>
    /// <exception cref="RegistryException">RANGE_INVALID: it is no range, or another length than the body's.</exception>
    private static (long? First, long? Count) ContentRange(HubCall call)
    {
        if (call.Header("Content-Range") is not { } text)
            return (null, null);
        var range = text.StartsWith("bytes ", StringComparison.Ordinal) ? text["bytes ".Length..].Split('/')[0] : text;
        var dash = range.IndexOf('-');
        if (dash < 0 || !long.TryParse(range.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(range.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var last)
            || last < first - 1 || (call.Request.ContentLength is { } length && last - first + 1 != length))
            throw new RegistryException(RegistryErrorCode.RangeInvalid, "invalid content range", text);
        return (first, last - first + 1);
    }
}
