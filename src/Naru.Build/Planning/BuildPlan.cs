using Naru.Build.Progress;

namespace Naru.Build.Planning;

/// <summary>A Dockerfile turned into steps.</summary>
/// <param name="Images">In the order of the platforms that were asked for.</param>
/// <param name="Warnings">Of the linter; their step is the one that read the Dockerfile.</param>
public sealed record BuildPlan(IReadOnlyList<PlannedImage> Images, IReadOnlyList<BuildWarning> Warnings);
