using System.Text;
using Naru.Base.Paths;
using Naru.Build.Graph;
using Naru.Build.Planning;
using Naru.Oci;

namespace Naru.Fuzz;

/// <summary>Prints what a Dockerfile is planned to be: config, history, steps, warnings; for comparing with BuildKit's.</summary>
internal static class PlanDump
{
    public static async Task<int> Run(string[] arguments)
    {
        var file = arguments[0];
        var ignore = Path.Combine(Path.GetDirectoryName(file)!, IgnoreFile.Name);
        var (target, given, platforms) = ("", new Dictionary<string, string>(), new List<Platform>());
        for (var at = 1; at + 1 < arguments.Length; at += 2)
        {
            if (arguments[at] == "--target")
                target = arguments[at + 1];
            else if (arguments[at] == "--build-arg")
                given[arguments[at + 1].Split('=')[0]] = arguments[at + 1][(arguments[at + 1].IndexOf('=') + 1)..];
            else if (arguments[at] == "--platform")
                platforms.Add(Platform.Parse(arguments[at + 1]));
        }

        var options = new PlanOptions
        {
            Target = target,
            BuildArgs = given,
            PlatformIsImplied = platforms.Count == 0,
            Platforms = platforms.Count > 0 ? platforms : [Platform.Host],
            Ignore = File.Exists(ignore) ? IgnoreFile.Read(await File.ReadAllBytesAsync(ignore)) : [],
        };
        var planner = new DockerfilePlanner(new OneImage(), await File.ReadAllBytesAsync(file), "Dockerfile", options, default);
        try
        {
            Print(await planner.Plan(default));
        }
        catch (Exception error)
        {
            Console.WriteLine((error as Build.Dockerfile.DockerfileException)?.Shown + "ERROR: " + (error is Base.NaruException ? error.Message : error.ToString()));
        }

        foreach (var warning in planner.Warnings)
            Console.WriteLine("WARN " + warning.Short);
        return 0;
    }

    private static void Print(BuildPlan plan)
    {
        foreach (var image in plan.Images)
        {
            Console.WriteLine(Encoding.UTF8.GetString((image.Config with { History = null }).Write()));
            foreach (var entry in image.Config.History ?? [])
                Console.WriteLine((entry.EmptyLayer ? "- " : "+ ") + entry.CreatedBy);
            var seen = new HashSet<Step>();
            Print(image.Result, seen);
        }
    }

    private static void Print(Step? step, HashSet<Step> seen)
    {
        if (step is null || !seen.Add(step))
            return;
        foreach (var input in step.Inputs)
            Print(input, seen);
        Console.WriteLine("STEP " + step.Name + (step is ContextStep context ? " " + string.Join(',', context.Follow) : ""));
    }
}
