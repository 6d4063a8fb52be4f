namespace Naru.Cli.Commands.Images;

/// <summary>An image's name as people write it, with the registry that it is kept in.</summary>
internal sealed record FamiliarName
{
    public const string HubDomain = "docker.io", HubKey = "https://index.docker.io/v1/";

    /// <summary>"docker.io", "localhost:5000".</summary>
    public required string Domain { get; init; }

    /// <summary>"library/busybox".</summary>
    public required string Path { get; init; }

    public string Tag { get; init; } = "";

    public string Digest { get; init; } = "";

    /// <summary>The name without what Docker's own registry needs not: "busybox", "user/app", "host/app".</summary>
    public string Name => Domain != HubDomain ? $"{Domain}/{Path}" : Path.StartsWith("library/", StringComparison.Ordinal) && Path.IndexOf('/', 8) < 0 ? Path[8..] : Path;

    /// <summary>The tag or digest, `latest` when neither was given.</summary>
    public string Reference => Digest.Length > 0 ? Digest : Tag.Length > 0 ? Tag : "latest";

    /// <summary>Name with tag or digest.</summary>
    public string Text => Name + (Digest.Length > 0 ? (Tag.Length > 0 ? ":" + Tag : "") + "@" + Digest : ":" + Reference);

    /// <summary>The registry's key among the saved logins.</summary>
    public string AuthKey => Domain == HubDomain ? HubKey : Domain;

    /// <exception cref="NaruException">The text is no image name.</exception>
    public static FamiliarName Parse(string text)
    {
        var digest = "";
        var name = text;
        var at = name.IndexOf('@');
        if (at >= 0)
            (name, digest) = (name[..at], name[(at + 1)..]);
        var tag = "";
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/'))
        {
            (name, tag) = (name[..colon], name[(colon + 1)..]);
            if (tag.Length is 0 or > 128 || !tag.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-') || tag[0] is '.' or '-')
                throw NaruException.Invalid("invalid reference format");
        }

        var slash = name.IndexOf('/');
        var first = slash < 0 ? "" : name[..slash];
        var hosted = slash > 0 && (first.AsSpan().IndexOfAny('.', ':') >= 0 || first == "localhost" || first.Any(char.IsAsciiLetterUpper));
        var domain = hosted ? first : HubDomain;
        var path = hosted ? name[(slash + 1)..] : name;
        if (domain == "index.docker.io")
            domain = HubDomain;
        if (domain == HubDomain && !path.Contains('/'))
            path = "library/" + path;
        if (path.Any(char.IsAsciiLetterUpper))
            throw NaruException.Invalid($"invalid reference format: repository name ({path}) must be lowercase");
        if (path.Split('/').Any(part => part.Length == 0 || !char.IsAsciiLetterOrDigit(part[0]) || !char.IsAsciiLetterOrDigit(part[^1]) || !part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-'))
            || (digest.Length > 0 && !digest.Contains(':')) || (at >= 0 && digest.Length == 0) || path == "library/")
            throw NaruException.Invalid("invalid reference format");
        return new FamiliarName { Domain = domain, Path = path, Tag = tag, Digest = digest };
    }
}
