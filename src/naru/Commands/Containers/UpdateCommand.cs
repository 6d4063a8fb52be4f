using System.Text;
using System.Text.Json.Nodes;

namespace Naru.Cli.Commands.Containers;

/// <summary>`update`: limits and restart policy of containers that exist.</summary>
internal static class UpdateCommand
{
    public static Command Create()
    {
        var command = new Command("update [OPTIONS] CONTAINER [CONTAINER...]", "Update configuration of one or more containers") { Aliases = ["container update", "update"], Arguments = ArgumentCount.AtLeast(1) };
        var flags = command.Flags;
        var fields = new List<(Flag Flag, string Name, Func<JsonNode?> Value)>();
        var weight = flags.Unsigned("blkio-weight", null, "Block IO (relative weight), between 10 and 1000, or 0 to disable (default 0)", 16, "uint16");
        fields.Add((weight, "BlkioWeight", () => weight.Value));
        Whole("CpuPeriod", flags.Int("cpu-period", null, "Limit CPU CFS (Completely Fair Scheduler) period"));
        Whole("CpuQuota", flags.Int("cpu-quota", null, "Limit CPU CFS (Completely Fair Scheduler) quota"));
        Whole("CpuRealtimePeriod", flags.Int("cpu-rt-period", null, "Limit the CPU real-time period in microseconds"));
        Whole("CpuRealtimeRuntime", flags.Int("cpu-rt-runtime", null, "Limit the CPU real-time runtime in microseconds"));
        Whole("CpuShares", flags.Int("cpu-shares", 'c', "CPU shares (relative weight)"));
        Whole("NanoCpus", flags.Add(new ValueFlag<long>("cpus", null, "Number of CPUs", "decimal", 0, OptionValues.NanoCpus)));
        Text("CpusetCpus", flags.String("cpuset-cpus", null, "CPUs in which to allow execution (0-3, 0,1)"));
        Text("CpusetMems", flags.String("cpuset-mems", null, "MEMs in which to allow execution (0-3, 0,1)"));
        var kernel = flags.Bytes("kernel-memory", null, "Kernel memory limit (deprecated)", hidden: true);
        Whole("KernelMemory", kernel);
        Whole("Memory", flags.Bytes("memory", 'm', "Memory limit"));
        Whole("MemoryReservation", flags.Bytes("memory-reservation", null, "Memory soft limit"));
        Whole("MemorySwap", flags.Bytes("memory-swap", null, "Swap limit equal to memory plus swap: -1 to enable unlimited swap", minusOne: true));
        Whole("PidsLimit", flags.Int("pids-limit", null, "Tune container pids limit (set -1 for unlimited)"));
        var restart = flags.String("restart", null, "Restart policy to apply when a container exits");
        command.Run = (context, names) =>
        {
            if (!restart.Changed && !fields.Exists(field => field.Flag.Changed))
                throw new ExitException(1, "you must provide one or more flags when using this command");
            var body = new JsonObject();
            foreach (var (_, name, value) in fields.Where(field => field.Flag.Changed))
                body[name] = value();
            if (restart.Changed)
            {
                var policy = ContainerOptions.Restart(restart);
                body["RestartPolicy"] = new JsonObject { ["Name"] = policy.Name, ["MaximumRetryCount"] = policy.MaximumRetryCount };
            }

            return Send(context, names, Encoding.UTF8.GetBytes(body.ToJsonString()));
        };
        return command;

        void Whole(string name, ValueFlag<long> flag) => fields.Add((flag, name, () => flag.Value));

        void Text(string name, ValueFlag<string> flag) => fields.Add((flag, name, () => flag.Value));
    }

    private static int Send(CliContext context, IReadOnlyList<string> names, byte[] body)
    {
        var warnings = new List<string>();
        try
        {
            return context.ForEach(names, name =>
            {
                using var response = context.Engine.Send("POST", $"/containers/{EngineClient.Escape(name)}/update", body);
                warnings.AddRange(response.Read(ApiJson.Default.ContainerUpdateResponse).Warnings ?? []);
                return name;
            });
        }
        finally
        {
            if (warnings.Count > 0)
                context.Line(string.Join('\n', warnings));
        }
    }
}
