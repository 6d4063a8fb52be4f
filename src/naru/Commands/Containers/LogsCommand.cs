using Naru.Base.Units;
using Naru.Cli.Terminal;
using Naru.Linux.Terminals;

namespace Naru.Cli.Commands.Containers;

/// <summary>`logs`.</summary>
internal static class LogsCommand
{
    public static Command Create()
    {
        var command = new Command("logs [OPTIONS] CONTAINER", "Fetch the logs of a container") { Aliases = ["container logs", "logs"], Arguments = ArgumentCount.Exactly(1) };
        var flags = command.Flags;
        var details = flags.Bool("details", null, "Show extra details provided to logs");
        var follow = flags.Bool("follow", 'f', "Follow log output");
        var since = flags.String("since", null, "Show logs since timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\" for 42 minutes)");
        var tail = flags.String("tail", 'n', "Number of lines to show from the end of the logs", "all");
        var timestamps = flags.Bool("timestamps", 't', "Show timestamps");
        var until = flags.String("until", null, "Show logs before a timestamp (e.g. \"2013-01-02T13:23:37Z\") or relative (e.g. \"42m\" for 42 minutes)");
        command.Run = (context, names) =>
        {
            var container = InspectedContainer.Get(context.Engine, names[0]);
            var query = new Query($"/containers/{container.Id}/logs").Add("stdout", true).Add("stderr", true).Add("details", details).Add("follow", follow).Add("timestamps", timestamps)
                .Add("since", TimeText.Query(since, "since")).Add("until", TimeText.Query(until, "until")).Add("tail", tail);
            using var response = context.Engine.Send("GET", query);
            if (container.Tty)
                response.Body.CopyTo(new DescriptorStream(1));
            else
                FrameCopy.Run(response.Body.Read, stdout: true, stderr: true);
            return 0;
        };
        return command;
    }
}
