namespace Naru.HubServer.Site.Components;

/// <summary>The files that an image was made from, at a forge whose addresses of files are known: what a readme's relative links mean.</summary>
internal sealed class SourceFiles
{
    private readonly Uri repository;
    private readonly Uri files;

    private SourceFiles(Uri repository, string middle)
    {
        this.repository = repository;
        files = new Uri(repository, middle);
    }

    /// <summary>Of <c>org.opencontainers.image.source</c>; null for what is no repository of a known forge, by https.</summary>
    public static SourceFiles? Of(string? source)
    {
        if (source is null || source.Length > 500 || !Uri.TryCreate(source, UriKind.Absolute, out var url) || url is not { Scheme: "https", UserInfo: "", IsDefaultPort: true, Query: "", Fragment: "" })
            return null;
        var middle = url.Host switch
        {
            "github.com" => "blob/HEAD/",
            "gitlab.com" => "-/blob/HEAD/",
            _ => null,
        };
        var path = url.AbsolutePath.TrimEnd('/');
        if (path.EndsWith(".git", StringComparison.Ordinal))
            path = path[..^4];
        return middle is null || path.LastIndexOf('/') <= 1 ? null : new SourceFiles(new Uri($"https://{url.Host}{path}/"), middle);
    }

    /// <summary>Where a relative link leads: to a file of the repository; null for one that leads out of it.</summary>
    public string? Resolve(string link)
    {
        // From the top: what a leading slash means in a repository.
        var relative = link.TrimStart('/');
        return !link.Contains('\\', StringComparison.Ordinal) && Uri.TryCreate(files, relative, out var found) && files.IsBaseOf(found) && found.Host == repository.Host ? found.AbsoluteUri : null;
    }
}
