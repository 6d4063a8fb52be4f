using System.Globalization;
using Naru.Fuzz;

// fuzz SECONDS CORPUS: changes Dockerfiles at random, reads and plans them; ends with 1 at the first that fails as none may.
// plan DOCKERFILE [--target STAGE] [--build-arg NAME=VALUE]…: prints the plan.
return args switch
{
    ["fuzz", var seconds, var corpus] => DockerfileFuzzer.Run(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), corpus),
    ["plan", .. var rest] when rest.Length > 0 => await PlanDump.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: fuzz SECONDS CORPUS | plan DOCKERFILE [--target STAGE] [--build-arg NAME=VALUE]…");
    return 2;
}
