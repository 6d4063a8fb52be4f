namespace Naru.HubServer.Operation;

/// <summary>Which kind a request is of, by its path alone.</summary>
internal static class RequestKinds
{
    public static readonly string[] Words = ["base", "manifest", "blob", "upload", "tags", "referrers", "catalog", "token", "operation", "site"];

    public static RequestKind Of(string path)
    {
        if (!path.StartsWith("/v2", StringComparison.Ordinal))
            return path is "/metrics" or "/healthz" or "/readyz" ? RequestKind.Operation : path == "/token" ? RequestKind.Token : RequestKind.Site;
        if (path.Length <= 4)
            return RequestKind.Base;
        var last = path.LastIndexOf('/');
        var before = path.AsSpan(0, last);
        return before.EndsWith("/manifests") ? RequestKind.Manifest
            : before.EndsWith("/blobs/uploads") || path.EndsWith("/blobs/uploads", StringComparison.Ordinal) ? RequestKind.Upload
            : before.EndsWith("/blobs") ? RequestKind.Blob
            : before.EndsWith("/tags") ? RequestKind.Tags
            : before.EndsWith("/referrers") ? RequestKind.Referrers
            : path == "/v2/_catalog" ? RequestKind.Catalog
            : RequestKind.Site;
    }
}
