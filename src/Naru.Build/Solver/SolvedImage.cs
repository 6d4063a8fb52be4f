using Naru.Build.Attestations;
using Naru.Build.Cache.Remote;
using Naru.Build.Planning;

namespace Naru.Build.Solver;

/// <summary>What was planned for one platform, done.</summary>
public sealed record SolvedImage(PlannedImage Planned, StepResult Result)
{
    /// <summary>Lists of its parts, where some were asked for.</summary>
    internal IReadOnlyList<Attestation> Sboms { get; init; } = [];

    /// <summary>The steps of the whole build, inputs first: what caches elsewhere, and the image's own config, may keep.</summary>
    internal Lazy<IReadOnlyList<SolvedStep>> Steps { get; init; } = new(() => []);
}
