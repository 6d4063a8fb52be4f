using System.Globalization;
using Naru.Base;
using Naru.Linux;

namespace Naru.Runc.Commands;

/// <summary>events: the container's numbers, once (--stats) or every --interval until it ends, and its deaths for want of memory.</summary>
internal static class EventsCommand
{
    public static int Watch(Invocation invocation)
    {
        var arguments = Arguments.Parse(invocation.Words, "interval=", "stats");
        var id = arguments.OnlyId("events");
        var interval = Duration(arguments.Value("interval") ?? "5s");
        if (interval <= TimeSpan.Zero)
            throw NaruException.Invalid("duration interval must be greater than 0");
        if (invocation.Runtime.State(id).Status == "stopped")
            throw NaruException.Precondition($"container with id {id} is not running");
        Files.WriteStandard(1, invocation.Runtime.Stats(id));
        if (arguments.Has("stats"))
            return 0;
        var kills = invocation.Runtime.OutOfMemoryKills(id);
        var next = DateTime.UtcNow + interval;
        while (invocation.Runtime.State(id).Status != "stopped")
        {
            Thread.Sleep(TimeSpan.FromMilliseconds(Math.Min(200, interval.TotalMilliseconds)));
            var now = invocation.Runtime.OutOfMemoryKills(id);
            if (now > kills)
                Files.WriteStandard(1, invocation.Runtime.OutOfMemoryText(id));
            kills = now;
            if (DateTime.UtcNow < next)
                continue;
            Files.WriteStandard(1, invocation.Runtime.Stats(id));
            next += interval;
        }

        return 0;
    }

    /// <summary>Go's durations of one unit: 500ms, 5s, 1.5m, 1h.</summary>
    private static TimeSpan Duration(string text)
    {
        var unit = text.AsSpan().TrimStart("0123456789.").ToString();
        var seconds = unit switch { "ms" => 0.001, "s" => 1, "m" => 60, "h" => 3600, _ => 0 };
        return seconds > 0 && double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? TimeSpan.FromSeconds(number * seconds)
            : throw NaruException.Invalid($"invalid value \"{text}\" for flag -interval: parse error");
    }
}
