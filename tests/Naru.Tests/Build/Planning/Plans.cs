using System.Text;
using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Fuzz;
using Naru.Oci;

namespace Naru.Tests.Build.Planning;

/// <summary>Plans of Dockerfiles on a store that has busybox:naru and nothing else.</summary>
internal static class Plans
{
    public static PlanOptions Options { get; } = new() { Platforms = [new Platform { Os = "linux", Architecture = "amd64" }], BuildPlatform = new Platform { Os = "linux", Architecture = "amd64" } };

    public static Task<BuildPlan> Of(string dockerfile, PlanOptions? options = null, params string[] triggers) =>
        Planner(dockerfile, options, triggers).Plan(CancellationToken.None);

    public static Task<BuildPlan> Of(byte[] dockerfile, PlanOptions options) =>
        new DockerfilePlanner(new OneImage(), dockerfile, "Dockerfile", options, default).Plan(CancellationToken.None);

    public static DockerfilePlanner Planner(string dockerfile, PlanOptions? options = null, params string[] triggers) =>
        new(new OneImage(triggers), Encoding.UTF8.GetBytes(dockerfile), "Dockerfile", options ?? Options, default);

    /// <summary>All steps that a result is made of, inputs first.</summary>
    public static List<Step> Steps(Step? result)
    {
        var steps = new List<Step>();
        Collect(result, steps);
        return steps;
    }

    public static IEnumerable<string> Names(Step? result) => Steps(result).Select(step => step.Name);

    private static void Collect(Step? step, List<Step> steps)
    {
        if (step is null || steps.Contains(step))
            return;
        foreach (var input in step.Inputs)
            Collect(input, steps);
        steps.Add(step);
    }
}
