using Naru.Build.Graph;
using Naru.Build.Solver;

namespace Naru.Build.Attestations;

/// <summary>What a build knows of itself, for whoever tells how a result came to be.</summary>
internal sealed record BuildFacts
{
    public required AttestOptions Attest { get; init; }

    /// <summary>The client's own words: BuildKit's frontend attributes.</summary>
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }

    /// <summary>By which the client knows the build.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset Started { get; init; }

    public required byte[] Dockerfile { get; init; }

    public required string FileName { get; init; }

    /// <summary>The step that read the Dockerfile.</summary>
    public required Step ReadStep { get; init; }

    /// <summary>What a step has made; null: it was not needed.</summary>
    public required Func<Step, StepResult?> ResultOf { get; init; }

    /// <summary>The image that made a list of the result's parts; null: none did.</summary>
    public ResolvedImage? Scanner { get; init; }
}
