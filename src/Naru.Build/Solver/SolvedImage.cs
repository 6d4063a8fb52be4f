using Naru.Build.Planning;

namespace Naru.Build.Solver;

/// <summary>What was planned for one platform, done.</summary>
public sealed record SolvedImage(PlannedImage Planned, StepResult Result);
