using Naru.Base;
using Naru.Base.Flags;
using Naru.Build.Dockerfile;

namespace Naru.Build.Attestations;

/// <summary>What a client wants to have said of its image: <c>attest:provenance</c>, <c>attest:sbom</c>.</summary>
internal sealed record AttestOptions
{
    /// <summary>What buildx adds to each build that says nothing of provenance, word for word: what is asked for by hand begins with its type.</summary>
    private const string ClientDefault = "mode=min,inline-only=true";

    /// <summary>Null: none is wanted.</summary>
    public ProvenanceOptions? Provenance { get; init; }

    /// <summary>Null: none is wanted.</summary>
    public SbomOptions? Sbom { get; init; }

    /// <param name="type">What follows <c>attest:</c>.</param>
    /// <param name="value">Comma-separated parameters.</param>
    /// <exception cref="NaruException">InvalidArgument: an attestation or a parameter that there is not.</exception>
    public AttestOptions With(string type, string value)
    {
        if (type is not ("provenance" or "sbom"))
            throw NaruException.Invalid($"unknown attestation type {GoText.Quote(type)}");
        // An image of one platform stays a manifest, and the same build the same digest, unless somebody wants it otherwise: as with Docker's own image store.
        if (value == ClientDefault)
            return this;
        var parameters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var field in Fields(value))
        {
            var equals = field.IndexOf('=');
            if (equals < 0)
                throw NaruException.Invalid($"invalid value {field}");
            parameters[field[..equals].Trim()] = field[(equals + 1)..];
        }

        parameters.Remove("type");
        var disabled = parameters.Remove("disabled", out var off) && Boolean("disabled", off);
        return type switch
        {
            "provenance" => this with { Provenance = disabled ? null : ProvenanceOptions.Parse(parameters) },
            _ => this with { Sbom = disabled ? null : SbomOptions.Parse(parameters) },
        };
    }

    /// <exception cref="NaruException">InvalidArgument, in Go's words.</exception>
    internal static bool Boolean(string name, string value) => GoBoolean.TryParse(value, out var flag) ? flag
        : throw NaruException.Invalid($"failed to parse {name} flag {GoText.Quote(value)}: strconv.ParseBool: parsing {GoText.Quote(value)}: invalid syntax");

    private static List<string> Fields(string value)
    {
        try
        {
            return CommaSeparated.Split(value);
        }
        catch (FlagException e)
        {
            throw NaruException.Invalid(e.Message);
        }
    }
}
