using Naru.Base.Units;
using Naru.Cli.Terminal;
using Naru.Rpc.BuildKit;

namespace Naru.Cli.Commands.Builds;

/// <summary>`buildx inspect`: the builder's platforms, labels and the rules by which its cache is pruned.</summary>
internal static class InspectBuilderCommand
{
    public static Command Create()
    {
        var command = new Command("inspect [NAME]", "Inspect current builder instance") { Aliases = ["builder inspect", "buildx inspect"], Arguments = ArgumentCount.AtMost(1) };
        // The engine's builder has always booted.
        command.Flags.Bool("bootstrap", null, "Ensure builder has booted before inspecting");
        var builder = command.Flags.String("builder", null, "Override the configured builder instance");
        command.Flags.Bool("debug", 'D', "Enable debug logging");
        command.Run = (context, names) =>
        {
            BuilderName.Check(names.Count > 0 ? names[0] : builder);
            var state = BuilderState.Ask(context);
            Streams.OutText($"Name:   {BuilderName.Default}\nDriver: docker\n\nNodes:\n");
            Pair("Name:", BuilderName.Default);
            Pair("Endpoint:", BuilderName.Default);
            if (state.Error.Length > 0)
                Pair("Error:", state.Error);
            else
                Pair("Status:", state.Status);
            if (state.Version.Length > 0)
                Pair("BuildKit version:", state.Version);
            if (state.Platforms.Count > 0)
                Pair("Platforms:", string.Join(", ", state.Platforms));
            foreach (var worker in state.Workers.Record)
                Show(worker);
            return 0;
        };
        return command;
    }

    private static void Show(Rpc.BuildKit.WorkerRecord worker)
    {
        if (worker.Labels.Count > 0)
            Streams.OutLine("Labels:");
        var names = new List<string>(worker.Labels.Keys);
        names.Sort(StringComparer.Ordinal);
        foreach (var name in names)
            Streams.OutLine($" {name + ":",-16} {worker.Labels[name]}");
        for (var at = 0; at < worker.GCPolicy.Count; at++)
        {
            var rule = worker.GCPolicy[at];
            Streams.OutLine($"GC Policy rule#{at}:");
            Rule("All:", rule.All ? "true" : "false");
            if (rule.Filters.Count > 0)
                Rule("Filters:", string.Join(',', rule.Filters));
            if (rule.KeepDuration > 0)
                Rule("Keep Duration:", GoDuration.Format(rule.KeepDuration));
            Size("Reserved Space:", rule.ReservedSpace);
            Size("Max Used Space:", rule.MaxUsedSpace);
            Size("Min Free Space:", rule.MinFreeSpace);
        }
    }

    private static void Size(string name, long bytes)
    {
        if (bytes > 0)
            Rule(name, ByteSize.HumanBinary(bytes));
    }

    private static void Rule(string name, string value) => Streams.OutLine($" {name,-16}{value}");

    private static void Pair(string name, string value) => Streams.OutLine($"{name,-17} {value}");
}
