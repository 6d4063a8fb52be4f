using System.Globalization;
using Naru.Fuzz;

// fuzz SECONDS CORPUS: changes Dockerfiles at random, reads and plans them; ends with 1 at the first that fails as none may.
// manifests SECONDS: the same with manifests that are pushed to naru-hub.
// hub SECONDS PORT: the same with requests to a naru-hub that listens on that port of 127.0.0.1 and is open.
// plan DOCKERFILE [--target STAGE] [--build-arg NAME=VALUE]…: prints the plan.
return args switch
{
    ["fuzz", var seconds, var corpus] => DockerfileFuzzer.Run(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), corpus),
    ["manifests", var seconds] => ManifestFuzzer.Run(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))),
    ["hub", var seconds, var port] => RequestFuzzer.Run(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), int.Parse(port, CultureInfo.InvariantCulture)),
    ["plan", .. var rest] when rest.Length > 0 => await PlanDump.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: fuzz SECONDS CORPUS | manifests SECONDS | hub SECONDS PORT | plan DOCKERFILE [--target STAGE] [--build-arg NAME=VALUE]…");
    return 2;
}
