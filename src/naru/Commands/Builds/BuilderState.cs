using Naru.Cli.Build.Solve;
using Naru.Cli.Grpc;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Commands.Builds;

/// <summary>The engine's builder as `builder ls` and `buildx inspect` show it.</summary>
internal sealed record BuilderState(string Status, string Version, string Error, ListWorkersResponse Workers)
{
    /// <summary>An engine that does not answer is a builder that does not run.</summary>
    public static BuilderState Ask(CliContext context)
    {
        try
        {
            using var connection = BuilderConnection.Open(context.Engine);
            var workers = connection.ListWorkers();
            var version = workers.Record.Count > 0 ? (workers.Record[0].BuildkitVersion?.Version ?? "").Replace("-moby", "") : "";
            return new BuilderState("running", version, "", workers);
        }
        catch (Exception e) when (e is EngineException or GrpcException)
        {
            return new BuilderState("inactive", "", e.Message, new ListWorkersResponse());
        }
    }

    /// <summary>"linux/amd64", "linux/arm64/v8", each once.</summary>
    public List<string> Platforms
    {
        get
        {
            var platforms = new List<string>();
            foreach (var worker in Workers.Record)
            {
                foreach (var platform in worker.Platforms)
                {
                    var text = $"{platform.OS}/{platform.Architecture}{(platform.Variant.Length > 0 ? "/" : "")}{platform.Variant}";
                    if (!platforms.Contains(text))
                        platforms.Add(text);
                }
            }

            return platforms;
        }
    }
}
