using Naru.Build.Graph;
using Naru.Build.Solver;
using Naru.Oci;

namespace Naru.Build.Cache.Remote;

/// <summary>A step of a build that is over, with what a cache elsewhere may keep of it.</summary>
/// <param name="Keys">All that led to the result in this build; the first is its identity.</param>
internal sealed record SolvedStep(Step Step, IReadOnlyList<Digest> Keys, StepResult Result);
