namespace Naru.HubServer.Api;

/// <summary>A path below <c>/v2/</c>, taken apart from its end, since names have slashes of their own.</summary>
/// <param name="Reference">A digest, a tag, the id of an upload; empty where there is none.</param>
internal sealed record RegistryPath(RegistryPathKind Kind, string Name, string Reference)
{
    /// <summary>Null for a path that means nothing.</summary>
    public static RegistryPath? Parse(string path)
    {
        if (path is "/v2/" or "/v2")
            return new(RegistryPathKind.Base, "", "");
        if (!path.StartsWith("/v2/", StringComparison.Ordinal))
            return null;
        var rest = path.AsSpan("/v2/".Length);
        if (rest is "_catalog")
            return new(RegistryPathKind.Catalog, "", "");
        if (Ends(rest, "/tags/list") is { } tags)
            return new(RegistryPathKind.Tags, tags, "");
        if (Ends(rest, "/blobs/uploads/") is { } uploads || (uploads = Ends(rest, "/blobs/uploads")!) is not null)
            return new(RegistryPathKind.Uploads, uploads, "");
        var slash = rest.LastIndexOf('/');
        if (slash < 0)
            return null;
        var before = rest[..slash];
        var reference = rest[(slash + 1)..].ToString();
        return Ends(before, "/blobs/uploads") is { } upload ? new(RegistryPathKind.Upload, upload, reference)
            : Ends(before, "/blobs") is { } blob ? new(RegistryPathKind.Blob, blob, reference)
            : Ends(before, "/manifests") is { } manifest ? new(RegistryPathKind.Manifest, manifest, reference)
            : Ends(before, "/referrers") is { } subject ? new(RegistryPathKind.Referrers, subject, reference)
            : null;
    }

    private static string? Ends(ReadOnlySpan<char> text, string end) => text.EndsWith(end) ? text[..^end.Length].ToString() : null;
}
