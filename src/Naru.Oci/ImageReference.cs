using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using Naru.Base;

namespace Naru.Oci;

/// <summary>An image's name: registry domain, repository path and optionally a tag, a digest or both.</summary>
/// <remarks>
/// The grammar and the rules of familiar names (<c>busybox</c> is <c>docker.io/library/busybox</c>) are those of distribution/reference;
/// the error texts are its own, which Docker shows to users.
/// </remarks>
public sealed partial record ImageReference
{
    public const string DefaultDomain = "docker.io";
    public const string DefaultTag = "latest";

    private const string LegacyDefaultDomain = "index.docker.io";
    private const string OfficialPrefix = "library/";
    private const int MaximumPathLength = 255;

    private const string DomainComponent = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private const string DomainPattern = $@"(?:{DomainComponent}(?:\.{DomainComponent})*|\[(?:[a-fA-F0-9:]+)\])(?::[0-9]+)?";
    private const string PathComponent = "[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*";
    private const string PathPattern = $"{PathComponent}(?:/{PathComponent})*";
    private const string TagPattern = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
    private const string DigestPattern = "[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";

    private ImageReference(string domain, string path, string? tag, Digest digest)
    {
        Domain = domain;
        Path = path;
        Tag = tag;
        Digest = digest;
    }

    /// <summary>The registry, with its port if it has one: <c>docker.io</c>, <c>localhost:5000</c>.</summary>
    public string Domain { get; }

    /// <summary>The repository inside the registry: <c>library/busybox</c>.</summary>
    public string Path { get; }

    public string? Tag { get; private init; }

    /// <summary>Empty when the reference has none.</summary>
    public Digest Digest { get; private init; }

    /// <summary>Domain and path: <c>docker.io/library/busybox</c>.</summary>
    public string Name => $"{Domain}/{Path}";

    /// <summary>The name as people write it: <c>busybox</c>.</summary>
    public string FamiliarName => Domain != DefaultDomain ? Name
        : Path.StartsWith(OfficialPrefix, StringComparison.Ordinal) && !Path.AsSpan(OfficialPrefix.Length).Contains('/') ? Path[OfficialPrefix.Length..]
        : Path;

    /// <summary>The whole reference as people write it: <c>busybox:1.36</c>.</summary>
    public string Familiar => FamiliarName + Suffix;

    /// <summary>Neither tag nor digest.</summary>
    public bool IsNameOnly => Tag is null && Digest.IsEmpty;

    private string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest.IsEmpty ? "" : "@" + Digest);

    /// <summary>Parses a familiar or a full name. Adds no tag: see <see cref="WithDefaultTag"/>.</summary>
    /// <exception cref="NaruException">InvalidArgument, with Docker's text.</exception>
    public static ImageReference Parse(string text) =>
        Read(text, out var reference) is { } error ? throw NaruException.Invalid(error) : reference!;

    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ImageReference? reference)
    {
        reference = null;
        return text is not null && Read(text, out reference) is null;
    }

    /// <summary>True for the 64 hex digits of an image id, which is never read as a name.</summary>
    public static bool IsIdentifier(string text) => text.Length == 64 && !text.AsSpan().ContainsAnyExcept("0123456789abcdef");

    /// <summary>With tag <c>latest</c> when there is neither tag nor digest.</summary>
    public ImageReference WithDefaultTag() => IsNameOnly ? this with { Tag = DefaultTag } : this;

    /// <exception cref="NaruException">InvalidArgument: <c>invalid tag format</c>.</exception>
    public ImageReference WithTag(string tag) =>
        Whole(TagOnly(), tag) ? this with { Tag = tag } : throw NaruException.Invalid("invalid tag format");

    public ImageReference WithDigest(Digest digest) => this with { Digest = digest };

    /// <summary>Domain and path alone.</summary>
    public ImageReference NameOnly() => this with { Tag = null, Digest = default };

    /// <summary>The full form: <c>docker.io/library/busybox:latest</c>.</summary>
    public override string ToString() => Name + Suffix;

    private static string? Read(string text, out ImageReference? reference)
    {
        reference = null;
        if (IsIdentifier(text))
            return $"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings";
        var (domain, remainder) = SplitDomain(text);
        var colon = remainder.IndexOf(':');
        var remote = colon < 0 ? remainder : remainder[..colon];
        if (remote.Any(char.IsUpper))
            return $"invalid reference format: repository name ({remote}) must be lowercase";

        // The regular expression would spend long on what no registry can hold.
        if (text.Length > 4096)
            return "invalid reference format";
        var match = Whole().Match($"{domain}/{remainder}");
        if (!match.Success)
            return "invalid reference format";
        var path = match.Groups["path"].Value;
        if (path.Length > MaximumPathLength)
            return $"repository name must not be more than {MaximumPathLength} characters";
        Digest digest = default;
        if (match.Groups["digest"] is { Success: true } found && !Digest.TryParse(found.Value, out digest))
        {
            try
            {
                Digest.Parse(found.Value);
            }
            catch (NaruException e)
            {
                return e.Message;
            }
        }

        reference = new ImageReference(match.Groups["domain"].Value, path, match.Groups["tag"] is { Success: true } tag ? tag.Value : null, digest);
        return null;
    }

    private static (string Domain, string Remainder) SplitDomain(string name)
    {
        var slash = name.IndexOf('/');
        var first = slash < 0 ? "" : name[..slash];
        var (domain, remainder) = first switch
        {
            "" when slash < 0 => (DefaultDomain, name),
            LegacyDefaultDomain or DefaultDomain => (DefaultDomain, name[(slash + 1)..]),
            "localhost" => (first, name[(slash + 1)..]),
            _ when first.AsSpan().ContainsAny('.', ':') || first.Any(char.IsUpper) => (first, name[(slash + 1)..]),
            _ => (DefaultDomain, name),
        };
        return domain == DefaultDomain && !remainder.Contains('/') ? (domain, OfficialPrefix + remainder) : (domain, remainder);
    }

    private static bool Whole(Regex pattern, string text) => pattern.IsMatch(text);

    [GeneratedRegex($@"\A(?<domain>{DomainPattern})/(?<path>{PathPattern})(?::(?<tag>{TagPattern}))?(?:@(?<digest>{DigestPattern}))?\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex($@"\A{TagPattern}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex TagOnly();
}
