using System.Text.RegularExpressions;

namespace Naru.Hub.Registry;

/// <summary>The grammar of names and tags: distribution-spec 1.1, "Pulling manifests".</summary>
public static partial class Names
{
    public const int LongestName = 255;

    private const string Component = "[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*";

    public static bool IsName(string name) => name.Length <= LongestName && Name().IsMatch(name);

    public static bool IsTag(string tag) => Tag().IsMatch(tag);

    /// <exception cref="RegistryException">NAME_INVALID.</exception>
    public static string CheckName(string name) => IsName(name) ? name : throw new RegistryException(RegistryErrorCode.NameInvalid, "invalid repository name", name);

    /// <exception cref="RegistryException">TAG_INVALID.</exception>
    public static string CheckTag(string tag) => IsTag(tag) ? tag : throw new RegistryException(RegistryErrorCode.TagInvalid, "invalid tag", tag);

    [GeneratedRegex($@"\A{Component}(?:/{Component})*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();
}
