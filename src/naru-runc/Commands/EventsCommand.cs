using Naru.Base;
using Naru.Base.Units;
using Naru.Linux;
using Naru.Runc.CommandLine;

namespace Naru.Runc.Commands;

/// <summary>events: the container's numbers, once (--stats) or every --interval until it ends, and that it ran out of memory.</summary>
internal static class EventsCommand
{
    public static CommandDefinition Definition { get; } = new("events", "display container events such as OOM notifications, cpu, memory, and IO usage statistics", Watch)
    {
        Explanation = "Where \"<container-id>\" is the name of the container.",
        Description = "What the container uses is printed every 5 seconds, as JSON.",
        Flags =
        [
            new("interval", FlagKind.Duration, "set the stats collection interval") { Default = "5s" },
            new("stats", FlagKind.Switch, "display the container's stats then exit"),
        ],
    };

    private static int Watch(Invocation invocation)
    {
        var (arguments, runtime) = (invocation.Arguments, invocation.Runtime);
        var id = arguments.Rest[0];
        runtime.State(id);
        var interval = TimeSpan.FromTicks(GoDuration.Parse(arguments.Value("interval") ?? "5s") / 100);
        if (interval <= TimeSpan.Zero)
            throw NaruException.Invalid("duration interval must be greater than 0");
        if (arguments.Has("stats"))
            Files.WriteStandard(1, runtime.Stats(id));
        else
            runtime.Watch(id, interval, line => Files.WriteStandard(1, line));
        return 0;
    }
}
