using System.Globalization;
using Naru.Hub.Accounts;
using Naru.Hub.Registry;
using Naru.HubServer.Http;
using Naru.Oci;

namespace Naru.HubServer.Api;

/// <summary>What there is: repositories, tags, referrers; in pages, each naming the next in its Link header (RFC 8288).</summary>
internal sealed class ListEndpoints(Access access, Manifests manifests, RepositoryList repositories)
{
    internal const int LongestPage = 1000;
    private const int DefaultCatalogPage = 100;

    public async Task Catalog(HubCall call)
    {
        var count = Count(call, DefaultCatalogPage);
        var names = await repositories.Names(call.Caller, call.Query("last") ?? "", count + 1, call.Cancel);
        Page(call, "/v2/_catalog", names, count, "");
        await call.Json(new CatalogList(names), ApiJson.Default.CatalogList);
    }

    public async Task Tags(HubCall call, RegistryPath at)
    {
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Pull, call.Cancel);
        var count = Count(call, LongestPage);
        var tags = await manifests.Tags(repository, call.Query("last") ?? "", count + 1, call.Cancel);
        Page(call, $"/v2/{repository.Name}/tags/list", tags, count, "");
        await call.Json(new TagList(repository.Name, tags), ApiJson.Default.TagList);
    }

    public async Task Referrers(HubCall call, RegistryPath at)
    {
        var subject = BlobEndpoints.ParseDigest(at.Reference);
        var repository = await access.Require(call.Caller, at.Name, RepositoryAction.Pull, call.Cancel);
        var type = call.Query("artifactType");
        var count = Count(call, LongestPage);
        var found = await manifests.Referrers(repository, subject, type, call.Query("last") ?? "", count + 1, call.Cancel);
        await SendReferrers(call, $"/v2/{repository.Name}/referrers/{subject}", found, type, count, "");
    }

    /// <summary>Answers with a page of referrers.</summary>
    /// <param name="found">One more than the page has, where there is another.</param>
    /// <param name="type">The filter that was applied, if any.</param>
    internal static async Task SendReferrers(HubCall call, string path, List<Descriptor> found, string? type, int count, string more)
    {
        var digests = found.ConvertAll(one => one.Digest.ToString());
        Page(call, path, digests, count, (type is null ? "" : $"&artifactType={Uri.EscapeDataString(type)}") + more);
        if (type is not null)
            call.Response.Headers["OCI-Filters-Applied"] = "artifactType";
        await call.Json(new ReferrerList(2, MediaTypes.OciIndex, found[..digests.Count]), ApiJson.Default.ReferrerList, contentType: MediaTypes.OciIndex);
    }

    /// <summary>How many a client wants at once. More than a page holds is no error: it follows the link.</summary>
    /// <exception cref="RegistryException">PAGINATION_NUMBER_INVALID.</exception>
    internal static int Count(HubCall call, int otherwise)
    {
        if (call.Query("n") is not { Length: > 0 } text)
            return otherwise;
        if (!text.AsSpan().ContainsAnyExceptInRange('0', '9'))
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? Math.Min(count, LongestPage) : LongestPage;
        throw new RegistryException(RegistryErrorCode.PaginationNumberInvalid, "invalid number of results requested", text);
    }

    /// <summary>Takes away the one that was asked for beyond the page, and links to the page that begins with it.</summary>
    internal static void Page(HubCall call, string path, List<string> items, int count, string more)
    {
        if (items.Count <= count)
            return;
        items.RemoveAt(count);
        if (count > 0)
            call.Response.Headers.Link = $"<{path}?last={Uri.EscapeDataString(items[^1])}&n={count}{more}>; rel=\"next\"";
    }
}
