using Naru.Base;

namespace Naru.Build.Attestations;

/// <summary>Who makes the list of an image's parts, and what it is told.</summary>
/// <param name="Generator">An image that speaks BuildKit's scanner protocol.</param>
/// <param name="Parameters">Handed on as <c>BUILDKIT_SCAN_NAME</c>.</param>
internal sealed record SbomOptions(string Generator, IReadOnlyDictionary<string, string> Parameters)
{
    private const string DefaultGenerator = "docker/buildkit-syft-scanner:stable-1";

    /// <exception cref="NaruException">InvalidArgument: a name that no variable can have.</exception>
    public static SbomOptions Parse(IReadOnlyDictionary<string, string> parameters)
    {
        var generator = DefaultGenerator;
        var rest = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in parameters)
        {
            if (name == "generator")
                generator = value.Length > 0 ? value : throw NaruException.Invalid("attestation sbom: the generator has no name");
            else if (name.AsSpan().IndexOfAny('=', '\0') >= 0 || value.Contains('\0'))
                throw NaruException.Invalid($"invalid parameter {GoText.Quote(name)} of an sbom attestation");
            else
                rest[name] = value;
        }

        return new SbomOptions(generator, rest);
    }
}
