using Naru.Base;

namespace Naru.Build.Attestations;

/// <summary>How much a build's provenance tells, and in which form.</summary>
internal sealed record ProvenanceOptions
{
    /// <summary>With the values of build arguments, the steps, the Dockerfile (<c>mode=max</c>), or without (<c>mode=min</c>).</summary>
    public bool Full { get; init; } = true;

    /// <summary>SLSA 1.0's shape rather than 0.2's.</summary>
    public bool IsVersionOne { get; init; }

    /// <summary>Goes into images alone, not beside files that are exported.</summary>
    public bool InlineOnly { get; init; }

    /// <summary>A URL that stands for who built; empty: nobody says.</summary>
    public string BuilderId { get; init; } = "";

    /// <summary>Beside exported files.</summary>
    public string FileName { get; init; } = "provenance.json";

    /// <summary>The user says that the build always makes the same.</summary>
    public bool Reproducible { get; init; }

    public string PredicateType => IsVersionOne ? "https://slsa.dev/provenance/v1" : "https://slsa.dev/provenance/v0.2";

    /// <exception cref="NaruException">InvalidArgument: a parameter or a value that there is not.</exception>
    public static ProvenanceOptions Parse(IReadOnlyDictionary<string, string> parameters)
    {
        var options = new ProvenanceOptions();
        foreach (var (name, value) in parameters)
        {
            options = name switch
            {
                "mode" => options with { Full = value switch { "max" or "full" => true, "min" => false, _ => throw NaruException.Invalid($"invalid mode {GoText.Quote(value)}") } },
                "version" => options with { IsVersionOne = value switch { "v1" => true, "v0.2" => false, _ => throw NaruException.Invalid($"invalid provenance SLSA version: {value}") } },
                "inline-only" => options with { InlineOnly = AttestOptions.Boolean(name, value) },
                "reproducible" => options with { Reproducible = AttestOptions.Boolean(name, value) },
                "builder-id" => options with { BuilderId = value },
                "filename" => options with { FileName = IsFileName(value) ? value : throw NaruException.Invalid($"invalid file name {GoText.Quote(value)} of a provenance attestation") },
                _ => throw NaruException.Invalid($"unknown parameter {GoText.Quote(name)} of a provenance attestation"),
            };
        }

        return options;
    }

    private static bool IsFileName(string value) => value is not ("" or "." or "..") && value.AsSpan().IndexOfAny('/', '\0') < 0;
}
