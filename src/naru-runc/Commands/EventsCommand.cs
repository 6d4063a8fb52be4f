using Naru.Base;
using Naru.Base.Units;
using Naru.Linux;
using Naru.Runc.CommandLine;

namespace Naru.Runc.Commands;

/// <summary>events: the container's numbers, once (--stats) or every --interval until it ends, and its deaths for want of memory.</summary>
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
        var status = runtime.State(id).Status;
        var interval = TimeSpan.FromTicks(GoDuration.Parse(arguments.Value("interval") ?? "5s") / 100);
        if (interval <= TimeSpan.Zero)
            throw NaruException.Invalid("duration interval must be greater than 0");
        if (status == "stopped")
            throw NaruException.Precondition($"container with id {id} is not running");
        Files.WriteStandard(1, runtime.Stats(id));
        if (arguments.Has("stats"))
            return 0;
        var kills = runtime.OutOfMemoryKills(id);
        var next = DateTime.UtcNow + interval;
        while (runtime.State(id).Status != "stopped")
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(Math.Min(200, interval.TotalMilliseconds)));
            var now = runtime.OutOfMemoryKills(id);
            if (now > kills)
                Files.WriteStandard(1, runtime.OutOfMemoryText(id));
            kills = now;
            if (DateTime.UtcNow < next)
                continue;
            Files.WriteStandard(1, runtime.Stats(id));
            next += interval;
        }

        return 0;
    }
}
